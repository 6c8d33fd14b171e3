"""The supervisor's side of the pipes that the lab's processes write to: see `observe.pipes`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from socket import socket

from tutor.protocol import wire

from .observe.pipes import STREAMS, Pipes
from .observe.probe import probe
from .observe.values import grouped

ANNOUNCED = len(STREAMS) + 1
"""Descriptors that come with an announcement."""
RETRY_S = 0.01
"""Seconds until pipes are looked at again that their own process was just reading."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A process of the lab that has announced its pipes. Programs that it has started may go on after its end."""

    pid: int
    lane: str
    pipes: Pipes


class PipeReader:
    """Reads what the processes of a lab write while they send no observations, and sends it in their place."""

    def __init__(self, announcements: socket) -> None:
        self.announcements = announcements
        self.writers: list[Writer] = []
        self.must_wait = False
        """Whether a process was just reading its own pipes."""

    def descriptors(self) -> list[int]:
        """Return the descriptors to wait for."""
        pipes = [] if self.must_wait else [pipe for each in self.writers for pipe in each.pipes.streams]
        return [self.announcements.fileno(), *pipes]

    def patience(self) -> float | None:
        """Return the maximum seconds to wait for them; None if there is no need to look again."""
        return RETRY_S if self.must_wait else None

    def read(self, readable: Sequence[int]) -> None:
        """Read the pipes that are among the descriptors `readable`, and announcements."""
        if self.announcements.fileno() in readable:
            self.hear()
        looked_again, self.must_wait = self.must_wait, False
        for writer in list(self.writers):
            if looked_again or any(pipe in readable for pipe in writer.pipes.streams):
                self.read_from(writer)

    def hear(self) -> None:
        """Note the pipes that a process has announced. A program can send anything, which is ignored."""
        with suppress(ValueError, TypeError, LookupError, RecursionError, wire.CutDatagram):
            received = wire.receive(self.announcements, ANNOUNCED)
            if received is None:
                return
            content, descriptors = received
            if len(descriptors) != ANNOUNCED:
                wire.close_all(descriptors)
                return
            self.writers.append(Writer(content["pid"], content["lane"], Pipes(descriptors, grouped)))

    def read_from(self, writer: Writer) -> None:
        """Send what a process has written, or try again soon if it is about to do that itself."""
        with writer.pipes.locked(wait=False) as is_locked:
            if not is_locked:
                self.must_wait = True
                return
            for written in writer.pipes.read():
                probe.send_of({"seq": 0, "pid": writer.pid, "lane": writer.lane}, "printed", written)
        if not writer.pipes.streams:
            writer.pipes.close()
            self.writers.remove(writer)

    def read_all(self) -> None:
        """Read the pipes of all processes once."""
        self.must_wait = True
        self.read([self.announcements.fileno()] if wire.readable([self.announcements.fileno()], 0) else [])
