"""A process of the fleet: it can be killed, stopped, paused and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..child import start_child
from .deploy_files import ROOT

START_S, LOOK_EVERY_S = 180.0, 0.05
SHARED = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
"""What systemd gives to all processes. They inherit nothing else."""


@dataclass
class Part:
    """A process of the fleet, as systemd would run it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    """The file that it writes its output to, as to the journal."""
    is_ready: Callable[[], bool]
    """Tells whether it does its work. May raise OSError if it doesn't yet."""
    stop_s: float = 20.0
    """The seconds that it has to end before it is killed."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id. Raise AssertionError if it has never been started."""
        assert self.process
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is there, paused or not."""
        return self.process is not None and self.process.poll() is None

    def launch(self) -> None:
        """Start the process, and don't wait for it."""
        with self.log.open("ab") as log:
            self.process = start_child(
                self.command,
                cwd=ROOT,
                env={**SHARED, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        """Return once the process does its work. Raise RuntimeError, with the end of its log, if it doesn't."""
        deadline = time.monotonic() + START_S
        while self.is_running and time.monotonic() < deadline:
            try:
                if self.is_ready():
                    return
            except OSError:
                pass
            time.sleep(LOOK_EVERY_S)
        raise RuntimeError(f"{self.name} did not start: {self.log.read_text()[-2000:]}")

    def start(self) -> None:
        """Start the process, and return once it does its work."""
        self.launch()
        self.wait_until_ready()

    def terminate(self) -> None:
        """Ask the process to end, and don't wait for it. Do nothing if it has ended."""
        if self.process:
            self.process.send_signal(signal.SIGCONT)  # If it is paused.
            self.process.terminate()

    def stop(self) -> bool:
        """End the process as systemd does. Return whether it has ended by itself; otherwise it was killed."""
        self.terminate()
        if not self.process:
            return True
        try:
            self.process.wait(self.stop_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def kill(self) -> None:
        """End the process with SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """End the process as systemd does, and start it again."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Stop the process with SIGSTOP: its connections stay, and it does nothing."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on."""
        assert self.process
        self.process.send_signal(signal.SIGCONT)
