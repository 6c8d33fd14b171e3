"""The probe: what a process of a lab sends observations with, and asks its host with.

All processes of a lab are forks of its supervisor, so they share its sockets to the host. What belongs to one process
(its lane, the numbers of its observations) starts again after each fork.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connections

from tutor.protocol import wire
from tutor.protocol.events import KINDS
from tutor.protocol.lanes import Lane
from tutor.protocol.limits import Limits
from tutor.protocol.when import When

from . import alarms

TEXT_LENGTHS = (400, 80, 10)
"""Characters that all texts of an observation are cut to, one after the other, until it fits into a datagram."""
ROWS_READ = 20
"""The most Task rows that an observation names as read."""
Actions = Mapping[str, Callable[[float], object]]
"""Name → function that carries the action out in the process that calls it, given the intervention's seconds."""


class Probe:
    """One process's connection to the host of its lab. Until `connect` is called, it sends nothing."""

    def __init__(self) -> None:
        self.lane = Lane.LAB
        self.limits = Limits()
        self.observations: socket.socket | None = None
        self.questions: socket.socket | None = None
        self.breakpoints: tuple[When, ...] = ()
        """The moments at which the host is asked."""
        self.actions: Actions = {}
        self.rows_read: list[tuple[str, int]] = []
        """The Task rows (id, attempt_count) that this process has read since its last observation."""
        self.forked()

    def forked(self) -> None:
        """Start again as the probe of a process that was forked just now."""
        self.sent = 0
        """Observations that this process has sent."""
        self.blocked_ns = 0
        """How long the last observation waited for room in the socket."""
        self.lock = threading.RLock()
        self.rows_read.clear()

    def connect(
        self,
        observations: socket.socket,
        questions: socket.socket,
        limits: Limits,
        breakpoints: Sequence[When],
        actions: Actions,
    ) -> None:
        """Use these sockets from now on, in this process and in all that it forks."""
        self.observations, self.questions = observations, questions
        self.limits, self.breakpoints, self.actions = limits, tuple(breakpoints), actions

    def enter(self, lane: Lane) -> None:
        """Set the lane of this process, which is its role."""
        self.lane = lane

    @alarms.undisturbed
    def emit(self, kind: str, payload: Mapping[str, Any], *, at: int | None = None) -> None:
        """Send an observation, then do what the host wants done at it, if it is a breakpoint.

        `at` is when it happened (`time.monotonic_ns`); None for now.
        """
        if self.observations is None:
            return
        with self.lock:
            self.sent += 1
            observation = {
                "seq": self.sent,
                "pid": os.getpid(),
                "lane": self.lane,
                "at": at or time.monotonic_ns(),
                "kind": kind,
                "payload": {**payload, **self.added_fields()},
            }
            try:
                self.blocked_ns = send_cut(self.observations, observation)
            except OSError:
                os._exit(1)  # The host is gone; the supervisor ends the rest.
        if KINDS[kind].can_be_breakpoint:
            self.stop_at(kind, payload)

    def added_fields(self) -> dict[str, Any]:
        """Return the next observation's `tutor.protocol.events.ADDED_FIELDS`, and forget them."""
        added: dict[str, Any] = {}
        if self.rows_read:
            added["read"] = list(dict.fromkeys(self.rows_read))[-ROWS_READ:]
            self.rows_read.clear()
        if self.blocked_ns:
            added["blocked_ns"] = self.blocked_ns
        return added

    def stop_at(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Ask the host what to do and do it, if this event is a breakpoint."""
        if any(each.matches(kind, self.lane, payload) for each in self.breakpoints):
            self.ask(kind, payload)

    def settle(self, task: str) -> None:
        """Tell the host that everything that follows from the result of `task` has happened. This is no event."""
        if self.questions is not None:
            wire.send(self.questions, {"settled": task})

    def ask(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Wait for the host's answer to "this event happens here, what now?", then carry it out."""
        assert self.questions is not None
        began = time.monotonic_ns()
        question = {
            "kind": kind,
            "lane": self.lane,
            "pid": os.getpid(),
            "payload": {name: each for name, each in payload.items() if isinstance(each, str | int | float | None)},
            "in_transaction": any(each.in_atomic_block for each in connections.all(initialized_only=True)),
        }
        mine, theirs = wire.pair()
        with mine:
            with theirs:
                wire.send(self.questions, question, [theirs.fileno()])
            answer = wire.receive(mine)
        if answer is None:
            os._exit(1)  # The host is gone.
        for order in answer[0]:
            self.carry_out(order, time.monotonic_ns() - began)

    def carry_out(self, order: Mapping[str, Any], waited_ns: int) -> None:
        """Carry out one order of the host: report a gate that was waited at, or do an action."""
        match order["do"]:
            case "go":
                self.emit("gate", {"name": order["name"], "waited_ns": waited_ns})
            case "pass":
                text = f"The gate “{order['name']}” was ignored: inside a transaction it would block other processes."
                self.emit("logged", {"level": "WARNING", "text": text})
            case action:
                given = {name: order[name] for name in ("event", "count", "seconds") if order.get(name)}
                self.emit("intervened", {"action": action, **given})
                self.actions[action](order.get("seconds", 0.0))


def send_cut(end: socket.socket, observation: dict[str, Any]) -> int:
    """Send `observation`, its texts cut until it fits into a datagram; return the ns that it waited for room."""
    try:
        return wire.send(end, observation)
    except wire.TooLong:
        pass
    for length in TEXT_LENGTHS:
        observation["payload"] = cut(observation["payload"], length)
        try:
            return wire.send(end, observation)
        except wire.TooLong:
            continue
    observation["payload"] = {}
    return wire.send(end, observation)


def cut(value: Any, length: int) -> Any:
    """Return `value` with each text in it cut to `length` characters."""
    if isinstance(value, str):
        return value if len(value) <= length else f"{value[: length - 1]}…"
    if isinstance(value, Mapping):
        return {name: cut(each, length) for name, each in value.items()}
    return [cut(each, length) for each in value] if isinstance(value, list | tuple) else value


probe = Probe()
"""This process's."""
os.register_at_fork(after_in_child=probe.forked)
