"""Events for the output of a process, for its attempts to read input, and for django-q2's log messages."""

from __future__ import annotations

import ctypes
import io
import logging
import os
import sys
from contextlib import suppress
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.lanes import Lane

from .pipes import STREAMS, Pipes
from .probe import probe
from .tracebacks import formatted, last_line
from .values import bounded, grouped

C = ctypes.CDLL(None)


class Printed(io.BufferedIOBase):
    """What is below a text stream: lines of bytes that become events. Its descriptor is that of the real stream."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.name, self.mode, self.raw = f"<{stream}>", "wb", self
        self.rest = b""
        """The current, unfinished line."""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return STREAMS[self.stream]

    def write(self, written: Any) -> int:
        if self.closed:
            raise ValueError("write to closed file")
        *whole, self.rest = (self.rest + bytes(written)).split(b"\n")
        if whole:
            self.send(b"\n".join(whole) + b"\n")
        if len(self.rest) > probe.limits.value_characters:
            self.flush()
        return memoryview(written).nbytes

    def flush(self) -> None:
        rest, self.rest = self.rest, b""
        if rest:
            self.send(rest)

    def send(self, lines: bytes) -> None:
        probe.emit("printed", {"stream": self.stream, "text": bounded(lines.decode(errors="replace"))})


class NoInput(io.RawIOBase):
    """The standard input of a lab's process, which is empty. Each attempt to read it is an event."""

    name, mode = "<stdin>", "rb"

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        probe.emit("input_read", {})
        return 0


def printing(stream: str, errors: str) -> io.TextIOWrapper:
    """Return a text stream whose lines become events. It encodes as Python does; `errors` as in `codecs`."""
    return io.TextIOWrapper(Printed(stream), "utf-8", errors, write_through=True)


to_supervisor: list[socket] = []
"""The socket through which the supervisor gets the pipes of the lab's processes; none outside of labs."""


def redirect(announcements: socket) -> None:
    """Emit events for the output of this process, and of the forks of it that call `enter`.

    These announce their pipes to the other end of `announcements`.
    """
    to_supervisor[:] = [announcements]
    replace_streams()


def enter(lane: Lane) -> None:
    """Begin to observe this process, whose role is `lane`, and what the programs that it starts write."""
    probe.enter(lane)
    for end in to_supervisor:
        probe.pipes = Pipes.redirect(grouped)
        try:
            wire.send(end, {"pid": os.getpid(), "lane": lane}, probe.pipes.descriptors)
        except OSError:
            os._exit(1)  # The supervisor has ended.
        replace_streams()


def replace_streams() -> None:
    """Give this process streams that are real ones to a program, with descriptors, buffers and an encoding."""
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(NoInput()), "utf-8")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = printing("stdout", "strict")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = printing("stderr", "backslashreplace")  # type: ignore[misc]


def flush() -> None:
    """Emit what waits in buffers, those of C code too, whatever the program has made of its streams."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    C.fflush(None)


class LogEvents(logging.Handler):
    """A logging handler that emits events."""

    def emit(self, record: logging.LogRecord) -> None:
        payload = {"level": record.levelname, "text": bounded(record.getMessage())}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            payload |= {"error": bounded(last_line(error)), "traceback": bounded(formatted(error))}
        probe.emit("logged", payload)


def observe() -> None:
    """Emit events for django-q2's log messages from WARNING on. Called once, in the template."""
    logger = logging.getLogger("django-q")
    logger.handlers[:] = [LogEvents(level=logging.WARNING)]  # django-q2's own one writes the same to descriptor 2.
    logger.setLevel(logging.WARNING)
    logger.propagate = False
