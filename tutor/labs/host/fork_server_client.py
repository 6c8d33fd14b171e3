"""The host's client for the fork server, the process that starts templates."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Any, Self

from tutor.protocol import wire
from tutor.protocol.limits import START_S

from .errors import AnswerTimeout, LabUnavailable, ProcessGone

ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""The environment variables that are passed on to labs, if they are set."""
PROJECT = Path(__file__).resolve().parents[3]
"""The folder that the package `tutor` is imported from."""


@dataclass(slots=True)
class ForkServerClient:
    """A running fork server. It inherits none of the site's descriptors, and only `ENVIRONMENT` of its environment."""

    process: subprocess.Popen[bytes]
    """The server's keeper, which ends when everything else has ended."""
    control: socket
    """The socket for template requests. When it is closed, the server ends, with its templates and their labs."""

    pid: int = 0
    """The server itself; 0 until it is ready."""
    killed: bool = False

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Start the fork server of the host with `folder`, and wait until it is ready.

        Blocks for up to `START_S`. Raises LabUnavailable and OSError.
        """
        control, theirs = wire.pair()
        try:
            with theirs:
                server = cls(launch(theirs), control)
        except OSError:
            control.close()
            raise
        try:
            wire.send(control, {"folder": str(folder)})
            server.pid = receive_answer(control)["pid"]
        except (OSError, LabUnavailable):
            control.close()
            server.kill()
            raise
        return server

    @property
    def is_running(self) -> bool:
        """Whether the server can be sent requests. Its end can be read from the socket."""
        is_heard = not self.killed and self.process.poll() is None
        return is_heard and not wire.readable([self.control.fileno()], 0)

    def request_template(self, folder: Path, configuration: Mapping[str, Any], end: socket) -> None:
        """Request a template in `folder`. The template answers through `end`, one socket of a pair."""
        wire.send(self.control, {"folder": str(folder), "configuration": configuration}, [end.fileno()])

    def close(self) -> None:
        """Let the server end, and kill it if it is still running after `START_S`."""
        self.control.close()
        try:
            self.process.wait(START_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def give_up(self) -> None:
        """Kill the server, because it doesn't answer. Its keeper stays, for templates and labs that still run."""
        self.killed = True
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the server and its keeper, but no template and no lab."""
        self.process.kill()
        self.process.wait()


def launch(control: socket) -> subprocess.Popen[bytes]:
    """Start the process of a fork server that is reached through the other end of `control`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tutor.labs.inside.fork_server", str(control.fileno())],
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        cwd=PROJECT,
        pass_fds=[control.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def receive_answer(end: socket) -> dict[str, Any]:
    """Return the answer to a request that was sent through `end`; wait for up to `START_S`.

    Raises LabUnavailable with the reason that the other process gives, ProcessGone and AnswerTimeout.
    """
    end.settimeout(START_S)
    try:
        received = wire.receive(end)
    except TimeoutError:
        raise AnswerTimeout(f"It did not start within {START_S:g} s.") from None
    if received is None:
        raise ProcessGone("The process that forks labs ended unexpectedly.")
    answer: dict[str, Any] = received[0]
    if "error" in answer:
        raise LabUnavailable(answer["error"])
    return answer
