"""Events for the output of a process and for django-q2's log messages."""

from __future__ import annotations

import io
import logging
import sys

from .probe import probe
from .values import bounded


class Printed(io.TextIOBase):
    """A stream whose lines become events."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.rest = ""
        """The current, unfinished line."""

    def writable(self) -> bool:
        return True

    def write(self, written: str) -> int:
        *whole, self.rest = (self.rest + written).split("\n")
        if whole:
            self.send("\n".join(whole) + "\n")
        if len(self.rest) > probe.limits.value_characters:
            self.flush()
        return len(written)

    def flush(self) -> None:
        rest, self.rest = self.rest, ""
        if rest:
            self.send(rest)

    def send(self, lines: str) -> None:
        probe.emit("printed", {"stream": self.stream, "text": bounded(lines)})


def redirect() -> None:
    """Emit events for the output of this process and its forks."""
    sys.stdout, sys.stderr = Printed("stdout"), Printed("stderr")


class LogEvents(logging.Handler):
    """A logging handler that emits events."""

    def emit(self, record: logging.LogRecord) -> None:
        payload = {"level": record.levelname, "text": bounded(record.getMessage())}
        probe.emit("logged", payload)


def observe() -> None:
    """Emit events for django-q2's log messages from WARNING on. Called once, in the template."""
    logger = logging.getLogger("django-q")
    logger.addHandler(LogEvents(level=logging.WARNING))
    logger.setLevel(logging.WARNING)
    logger.propagate = False
