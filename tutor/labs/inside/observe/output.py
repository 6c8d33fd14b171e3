"""What a process prints and what django-q2 logs, as events."""

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
        """The current line, as far as it was written."""

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
    """Make events of what this process and all that it forks print."""
    sys.stdout, sys.stderr = Printed("stdout"), Printed("stderr")


class LogEvents(logging.Handler):
    """Makes events of log records."""

    def emit(self, record: logging.LogRecord) -> None:
        payload = {"level": record.levelname, "text": bounded(record.getMessage())}
        probe.emit("logged", payload)


def observe() -> None:
    """Make events of what django-q2 logs from WARNING on; once, in the template that labs are forked from."""
    logger = logging.getLogger("django-q")
    logger.addHandler(LogEvents(level=logging.WARNING))
    logger.setLevel(logging.WARNING)
    logger.propagate = False
