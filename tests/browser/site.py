"""A real site for a browser: Daphne on a loopback port, with real labs and files of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutor.benchmarks.fleet.whole import Fleet

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_LESSON = "task-results-and-status"
FOR_TESTS = {
    "TUTOR_LESSONS": str(ROOT / "tests/lessons/content"),
    "TUTOR_RUNS_PER_MINUTE": "1000",
    "TUTOR_REFERENCE_RUNS": "0",
}
"""What the processes of a site are started with."""


@dataclass
class Site:
    """A site that can be killed and started again."""

    port: int
    var: Path
    """The folder with its database and labs."""
    more: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": "tutor.settings",
            "TUTOR_VAR": str(self.var),
        }
        return {**os.environ, **FOR_TESTS, **own, **self.more}

    def start(self) -> None:
        """Start the server, and return when it serves the home page."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutor.serve", str(self.port)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 180
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
            except OSError:  # Nobody listens yet, or the answer takes long on a busy machine.
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("The site did not start.")

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        assert self.process
        self.process.send_signal(by)
        self.process.wait(20)
        if by != signal.SIGKILL:
            until(lambda: not list((self.var / "labs").glob("*")), 10)  # They last until all labs have ended.


@dataclass
class Deployed:
    """A site of many processes behind nginx."""

    fleet: Fleet

    @property
    def url(self) -> str:
        return self.fleet.base


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Return whether `holds` becomes true within `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def new_site(folder: Path, **more: str) -> Site:
    """Return a site, not yet started, with its files in `folder` and with `more` in its environment."""
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        return Site(end.getsockname()[1], folder, more)
