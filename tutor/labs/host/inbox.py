"""The host's ends of a lab's sockets. Messages are read in an order that keeps causes before effects."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.limits import BATCH_S
from tutor.protocol.observation import Observation

DRAINED = 2000
"""Maximum number of messages that are read at once from a lab that ends: more than the socket's buffer holds, but not
all that its processes can send while they are alive."""


class UnreadableMessage(Exception):
    """A process of a lab sent a malformed message."""


@contextmanager
def reading() -> Iterator[None]:
    """Convert the errors that a malformed message causes to UnreadableMessage."""
    try:
        yield
    except (ValueError, TypeError, LookupError, RecursionError, wire.CutDatagram) as error:
        raise UnreadableMessage(f"A process of the lab sent a message that cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class LabSockets:
    """One end of each of the three socket pairs between a lab and its host."""

    observations: socket
    """From the lab: observations of all its processes."""
    questions: socket
    """From the lab: questions at breakpoints, and the tasks whose results are settled."""
    lifeline: socket
    """Between the host and the supervisor, in both directions. When one of them ends, the other ends the lab."""

    def close(self) -> None:
        for end in (self.observations, self.questions, self.lifeline):
            end.close()


@dataclass(frozen=True, slots=True)
class Question:
    """The question of a process that waits at a breakpoint."""

    content: dict[str, Any]
    """Its event (`kind`, `lane`, `pid`, `payload`) and whether it is `in_transaction`."""
    end: socket
    """The socket for the answer."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The monitor has settled a result: stored and acknowledged it, called its hooks and logged errors."""

    task: str


@dataclass(frozen=True, slots=True)
class FromSupervisor:
    """A message of the supervisor."""

    content: dict[str, Any] | None
    """None if the supervisor has ended."""


Message = Observation | Question | Settled | FromSupervisor


def question_or_settled(content: dict[str, Any], ends: list[socket]) -> Question | Settled:
    """Return `content`, received from the socket for questions, as a message. Close `ends` that no question needs."""
    with ExitStack() as unwanted:
        for end in ends:
            unwanted.callback(end.close)
        if "settled" in content:
            return Settled(content["settled"])
        question = Question(content, ends[0])
        unwanted.pop_all()
        return question


class Inbox:
    """The host's ends of one lab's sockets, read by one thread."""

    def __init__(self, sockets: LabSockets) -> None:
        self.sockets = sockets
        self.open = [sockets.observations, sockets.questions]
        """The sockets that a process of the lab can still send through."""
        self.wake_out, self.wake_in = os.pipe()

    def messages(self, seconds: float) -> Iterator[Message]:
        """Wait up to `seconds` for a message, then yield it and those that arrive within `BATCH_S`.

        Stop early if `wake` is called. Raises UnreadableMessage.
        """
        if (message := self.receive(seconds)) is None:
            return
        yield message
        until = time.monotonic() + BATCH_S
        while (left := until - time.monotonic()) > 0 and (message := self.receive(left)) is not None:
            yield message

    def receive(self, seconds: float) -> Message | None:
        """Return the next message; None if there is none within `seconds`, or if `wake` was called."""
        until = time.monotonic() + seconds
        while True:
            waiting = [*self.open, self.sockets.lifeline]
            readable = wire.readable(
                [*(each.fileno() for each in waiting), self.wake_out], max(0.0, until - time.monotonic())
            )
            if not readable or self.wake_out in readable:
                return None
            # Observations that were sent before a question or a message of the supervisor are read before it.
            source = next(each for each in waiting if each.fileno() in readable)
            if (message := self.receive_from(source)) is not None:
                return message
            self.open.remove(source)

    def receive_from(self, source: socket) -> Message | None:
        """Return the message that can be read from `source`; None if its other end is closed in all processes."""
        with reading():
            received = wire.receive(source, 1 if source is self.sockets.questions else 0)
            if source is self.sockets.lifeline:
                return FromSupervisor(received[0] if received else None)
            if received is None:
                return None
            content, descriptors = received
            if source is self.sockets.observations:
                return Observation.from_json(content)
            return question_or_settled(content, list(map(wire.as_socket, descriptors)))

    def drain(self) -> Iterator[Observation]:
        """Yield observations that have arrived, from at most `DRAINED` messages; skip malformed ones."""
        for _ in range(DRAINED):
            if not self.has_observation():
                return
            with suppress(UnreadableMessage):
                if isinstance(message := self.receive_from(self.sockets.observations), Observation):
                    yield message
                else:
                    self.open.remove(self.sockets.observations)

    def discard(self) -> None:
        """Discard observations that have arrived, as many as `drain` reads."""
        for _ in range(DRAINED):
            if not self.has_observation() or not self.sockets.observations.recv(1):
                return

    def has_observation(self) -> bool:
        """Return whether an observation has arrived, or whether no process can send one any more."""
        source = self.sockets.observations
        return source in self.open and bool(wire.readable([source.fileno()], 0))

    def wake(self) -> None:
        """Make `messages` stop at once. Can be called from any thread."""
        os.write(self.wake_in, b".")

    def close(self) -> None:
        self.sockets.close()
        os.close(self.wake_in)
        os.close(self.wake_out)
