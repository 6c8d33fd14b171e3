"""A lab from the host's side: its observations, its orders and its end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tutor.labs.inside import folders
from tutor.protocol import wire
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.protocol.texts import amount

from .breakpoints import Breakpoints
from .completion import Completion, Ending
from .inbox import FromSupervisor, Inbox, LabSockets, Message, Question, Settled, UnreadableMessage, reading
from .lab_clock import LabClock
from .sweep import end_lab
from .usage import Usage

SHORTEST_WAIT_S = 0.001
"""Minimum seconds that the host waits for messages, so that it never polls in a tight loop."""


class Lab:
    """A running lab. Iterating over it yields its observations, in batches of a few milliseconds, until it has ended.

    The last batch ends with the host's own observation `ended`. A malformed message ends the lab and doesn't raise an
    exception. A lab is also a context manager that ends the lab on exit, with its processes and its folder.
    """

    def __init__(
        self, spec: LabSpec, folder: Path, supervisor: int, sockets: LabSockets, release: Callable[[int, bool], None]
    ) -> None:
        self.folder, self.supervisor, self.release = folder, supervisor, release
        self.inbox = Inbox(sockets)
        clock = LabClock()
        self.completion = Completion(spec.deliveries, clock, 1 + len(spec.clusters))
        self.breakpoints = Breakpoints(spec, clock)
        self.usage = Usage(spec.limits, supervisor, folder, clock)
        self.seq = 0
        """Number of the host's own last observation."""
        self.batch: list[Observation] = []
        """Observations that have not been yielded."""
        self.stop_reason = ""
        """Why the lab must end before the run is complete; empty if it need not."""
        self.closing = threading.Lock()
        self.closed = False
        self.has_ended = False
        """Whether the supervisor has confirmed that it has ended all processes."""
        self.is_released = False

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[list[Observation]]:
        ending = None
        while ending is None:
            self.collect()
            ending = self.ending()
            if self.batch:
                batch, self.batch = self.batch, []
                yield batch
        self.end()
        self.record("ended", {"outcome": ending[0], "reason": ending[1]})
        yield self.batch

    def stop(self, reason: str) -> None:
        """End the lab as soon as possible, for `reason`. Can be called from any thread."""
        with self.closing:
            if not self.closed:
                self.stop_reason = reason
                self.inbox.wake()

    def collect(self) -> None:
        """Process the messages of the next few milliseconds. Return without any if something else is due."""
        try:
            for message in self.inbox.messages(self.patience()):
                with reading():
                    self.take(message)
                self.act()
                if self.completion.supervisor_gone:
                    return
        except UnreadableMessage as error:
            self.stop_reason = str(error)

    def patience(self) -> float:
        """Return the seconds until something is due even if no message comes."""
        return max(SHORTEST_WAIT_S, min(self.usage.due_in(), self.breakpoints.due_in(), self.completion.due_in()))

    def take(self, message: Message) -> None:
        match message:
            case Observation():
                self.observe(message)
            case Question(content, end):
                self.breakpoints.pause(content, end)
            case Settled(task):
                self.completion.work.settle(task)
            case FromSupervisor(content):
                self.completion.receive(content)

    def observe(self, observation: Observation) -> None:
        """Process an observation. A death while the lab is being closed isn't an event of the run."""
        if observation.kind == "died" and (self.closed or not self.completion.complete_death(observation.payload)):
            return
        self.completion.observe(observation)
        self.breakpoints.observe(observation)
        self.usage.add(observation)
        self.batch.append(observation)

    def act(self) -> None:
        """Send the orders that are due, answer the processes that may go on, and ask whether the lab is idle."""
        for order in self.breakpoints.take_supervisor_orders():
            payload = {"action": order["do"], "event": order["event"], "count": order["count"]}
            self.breakpoints.observe(self.record("intervened", payload))
            self.completion.observe_action(order["do"])
            self.send({"do": order["do"]})
        self.breakpoints.answer()
        if (question := self.completion.question()) is not None:
            self.send(question)

    def send(self, order: Mapping[str, Any]) -> None:
        """Send an order or a question to the supervisor."""
        try:
            wire.send(self.inbox.sockets.lifeline, order)
        except OSError:
            self.completion.receive(None)

    def ending(self) -> Ending | None:
        """Return how the lab ends, or None if it goes on. If a gate or a limit is the reason, record that."""
        if self.stop_reason:
            return "stopped", self.stop_reason
        if gate := self.breakpoints.expired_gate():
            self.record("gate_expired", {"name": gate.name, "bound_s": gate.bound_s})
            return "stopped", f"The gate “{gate.name}” was not opened within {gate.bound_s:g} s."
        if ending := self.completion.ending():
            return ending
        if limit := self.usage.limit_met():
            self.record("limit", limit)
            return "stopped", f"It met its limit of {amount(limit['value'], limit['unit'])}."
        self.act()
        return None

    def record(self, kind: str, payload: dict[str, Any]) -> Observation:
        """Add one of the host's own observations to the batch, and return it."""
        self.seq += 1
        observation = Observation(self.seq, os.getpid(), Lane.HOST, time.monotonic_ns(), kind, payload)
        self.batch.append(observation)
        return observation

    def close(self) -> None:
        """End the lab, and remove what it has left, which can take seconds if that is much. Idempotent."""
        self.end()
        if not self.is_released:
            self.is_released = True
            folders.remove(self.folder)
            self.release(self.supervisor, self.has_ended)

    def end(self) -> None:
        """End the lab's processes, and process what they have sent. Idempotent."""
        with self.closing:
            if self.closed:
                return
            self.closed = True
        self.has_ended = end_lab(self.inbox.sockets.lifeline, self.supervisor, self.drain)
        if not self.has_ended:
            self.usage.kill_known()
        self.drain()
        self.inbox.close()
        self.breakpoints.close()

    def drain(self) -> None:
        """Process the observations that have arrived; skip malformed ones. Discard all once a limit is met."""
        if not self.usage.has_room:
            self.inbox.discard()
            return
        for observation in self.inbox.drain():
            if self.usage.has_room:
                with suppress(UnreadableMessage), reading():
                    self.observe(observation)
