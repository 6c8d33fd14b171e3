"""The host's client for the fork server, the process that starts templates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class ForkServerClient:
    """A running fork server. It inherits none of the site's descriptors, and only `ENVIRONMENT` of its environment."""

    process: subprocess.Popen[bytes]
    control: socket
    """The socket for template requests. The server ends when it is closed."""

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
            receive_answer(control)
        except (OSError, LabUnavailable):
            control.close()
            server.kill()
            raise
        return server

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

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

    def kill(self) -> None:
        """Kill the server."""
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
