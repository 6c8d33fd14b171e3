"""The probe, with which a process of a lab sends observations and asks its host for orders.

All processes of a lab are forks of its supervisor, so they share its sockets to the host. The state of a single
process, such as the numbers of its observations, is reset after each fork.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connections

from tutor.protocol import wire
from tutor.protocol.events import KINDS
from tutor.protocol.lanes import Lane
from tutor.protocol.limits import Limits
from tutor.protocol.when import When

from . import alarms, writes
from .pipes import Pipes

TEXT_LENGTHS = (400, 80, 10)
"""Characters to which the texts of an observation are truncated, tried in turn until it fits into a datagram."""
ROWS_READ = 20
"""Maximum number of Task rows that an observation reports as read."""
Actions = Mapping[str, Callable[[float], object]]
"""Name → function that carries out the action in the calling process, given the intervention's seconds."""


class Probe:
    """One process's connection to the host of its lab. Until `connect` is called, it sends nothing."""

    def __init__(self) -> None:
        self.lane = Lane.LAB
        self.limits = Limits()
        self.observations: socket.socket | None = None
        self.questions: socket.socket | None = None
        self.breakpoints: dict[int, When] = {}
        """The moments at which the process asks the host for orders, by number, without those that are over."""
        self.actions: Actions = {}
        self.look: Callable[[], Mapping[str, Any] | None] | None = None
        """Returns a snapshot of the tables."""
        self.task: Mapping[str, Any] = {}
        """The task that this process works on, as `event_fields.TASK` describes it; empty if there is none."""
        self.cluster = ""
        """The name of the cluster that this process belongs to, if its lab runs several; otherwise empty."""
        self.pipes: Pipes | None = None
        """What this process reads before it sends an observation."""
        self.rows_read: list[tuple[str, int]] = []
        """The Task rows (id, attempt_count) that this process has read since its last observation."""
        self.tables_saved: list[str] = []
        """The lesson's tables of which this process has saved rows since its last observation."""
        self.forked()

    def forked(self) -> None:
        """Reset the state that belongs to a single process. Called in each forked child."""
        self.sent = 0
        """Number of observations that this process has sent."""
        self.blocked_ns = 0
        """Nanoseconds that the last observation waited for room in the socket."""
        self.lock = threading.RLock()
        self.rows_read.clear()
        self.tables_saved.clear()
        if self.pipes is not None:  # They are the parent's.
            self.pipes.close()
            self.pipes = None

    def connect(
        self,
        observations: socket.socket,
        questions: socket.socket,
        limits: Limits,
        breakpoints: Sequence[When],
        actions: Actions,
    ) -> None:
        """Use these sockets in this process and its forks."""
        self.observations, self.questions = observations, questions
        self.limits, self.breakpoints, self.actions = limits, dict(enumerate(breakpoints)), actions

    def enter(self, lane: Lane) -> None:
        """Set the lane of this process, which is its role."""
        self.lane = lane

    @alarms.undisturbed
    def emit(self, kind: str, payload: Mapping[str, Any], *, at: int | None = None) -> None:
        """Send an observation. If it is a breakpoint, carry out the host's orders.

        It names the task that this process works on, unless `payload` names another one or the kind has no task. `at`
        is when it happened (`time.monotonic_ns`); None for now.
        """
        if self.observations is None:
            return
        payload = self.with_task(kind, payload)
        with self.lock:
            seen = self.rows_seen("rows" in payload)
            with self.pipes.locked() if self.pipes else nullcontext():
                self.send_written()
                self.send(kind, {**payload, **self.added_fields(), **seen}, at)
        if KINDS[kind].can_be_breakpoint:
            self.stop_at(kind, payload)

    def send_written(self) -> None:
        """Send what this process and the programs that it has started have written to its pipes. Must be locked."""
        for written in self.pipes.read() if self.pipes else ():
            self.send("printed", written)

    def send(self, kind: str, payload: Mapping[str, Any], at: int | None = None) -> None:
        """Send one observation of this process."""
        self.sent += 1
        self.send_of({"seq": self.sent, "pid": os.getpid(), "lane": self.lane}, kind, payload, at)

    def send_of(self, process: Mapping[str, Any], kind: str, payload: Mapping[str, Any], at: int | None = None) -> None:
        """Send an observation of `process` (its `pid` and `lane`, and the observation's `seq`).

        If the host has ended, this process ends too; the supervisor ends the rest of the lab.
        """
        assert self.observations is not None
        observation = {**process, "at": at or time.monotonic_ns(), "kind": kind, "payload": payload}
        try:
            self.blocked_ns = send_cut(self.observations, observation)
        except OSError:
            os._exit(1)

    @alarms.undisturbed
    def work_on(self, task: Mapping[str, Any]) -> None:
        """Set the task that this process works on. What has been written so far belongs to the one before."""
        if self.pipes is None:
            self.task = task
            return
        with self.lock, self.pipes.locked():
            self.send_written()
            self.task = task
            self.pipes.work_on(task.get("task", ""))

    def with_task(self, kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `payload` with the process's cluster, if the lab runs several, and with the id of the current task.

        The task is added if events of that kind can have one and it has none.
        """
        if self.cluster:
            payload = {**payload, "cluster": self.cluster}
        if not self.task or "task" in payload or "task" not in KINDS[kind].fields:
            return payload
        return {**payload, "task": self.task["task"]}

    def added_fields(self) -> dict[str, Any]:
        """Return the next observation's `tutor.protocol.event_fields.ADDED_FIELDS`, and reset what they tell."""
        added: dict[str, Any] = {}
        if self.rows_read:
            added["read"] = list(dict.fromkeys(self.rows_read))[-ROWS_READ:]
            self.rows_read.clear()
        if self.tables_saved:
            added["saved"] = list(dict.fromkeys(self.tables_saved))
            self.tables_saved.clear()
        if self.blocked_ns:
            added["blocked_ns"] = self.blocked_ns
        return added

    def rows_seen(self, has_looked: bool) -> dict[str, Any]:
        """Return a snapshot as the field `rows` if this process may see other rows than before and hasn't looked."""
        if not has_looked and (self.look is None or not writes.may_see_other_rows()):
            return {}
        seen = {} if has_looked or self.look is None else {"rows": self.look()}
        writes.looked()
        return seen

    def stop_at(self, kind: str, payload: Mapping[str, Any]) -> None:
        """If this event is a breakpoint, ask the host for orders and carry them out."""
        if not self.breakpoints:
            return
        if self.task and self.task["task"] == payload.get("task"):
            payload = {**self.task, **payload}
        if any(each.matches(kind, self.lane, payload) for each in self.breakpoints.values()):
            self.ask(kind, payload)

    def settle(self, task: str) -> None:
        """Tell the host that the monitor has settled the result of `task`. This isn't an event."""
        if self.questions is not None:
            wire.send(self.questions, {"settled": task})

    def ask(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Ask the host for orders at this event, wait for the answer, and carry them out."""
        assert self.questions is not None
        began = time.monotonic_ns()
        question = {
            "kind": kind,
            "lane": self.lane,
            "pid": os.getpid(),
            "payload": {name: each for name, each in payload.items() if isinstance(each, str | int | float | None)},
            "in_transaction": any(each.in_atomic_block for each in connections.all(initialized_only=True)),
        }
        about = {"task": payload["task"]} if "task" in payload else {}
        mine, theirs = wire.pair()
        with mine:
            with theirs:
                wire.send(self.questions, question, [theirs.fileno()])
            orders = orders_from(mine)
            if orders and orders[0]["do"] == "wait":
                self.emit("gate_reached", {**about, "name": orders[0]["name"]})
                orders = orders_from(mine)
        for order in orders:
            self.carry_out(order, time.monotonic_ns() - began, about)

    def carry_out(self, order: Mapping[str, Any], waited_ns: int, about: Mapping[str, Any]) -> None:
        """Carry out one order of the host: report a gate that was passed or ignored, act, or forget breakpoints.

        `about` names the task of the event at which this process has stopped, if there is one.
        """
        match order["do"]:
            case "go":
                self.emit("gate", {**about, "name": order["name"], "waited_ns": waited_ns})
            case "pass":
                text = f"The gate “{order['name']}” was ignored: inside a transaction it would block other processes."
                self.emit("logged", {**about, "level": "WARNING", "text": text})
            case "forget":
                for number in order["breakpoints"]:
                    self.breakpoints.pop(number, None)
            case action:
                given = {name: order[name] for name in ("event", "count", "seconds") if order.get(name)}
                self.emit("intervened", {**about, "action": action, **given})
                self.actions[action](order.get("seconds", 0.0))


def orders_from(end: socket.socket) -> list[dict[str, Any]]:
    """Return the host's next answer to a question."""
    answer = wire.receive(end)
    if answer is None:
        os._exit(1)  # The host has ended.
    orders: list[dict[str, Any]] = answer[0]
    return orders


def send_cut(end: socket.socket, observation: dict[str, Any]) -> int:
    """Send `observation`, truncated to fit into a datagram; return the nanoseconds that it waited for room."""
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
    payload = observation["payload"].items()
    observation["payload"] = {name: each for name, each in payload if not isinstance(each, Mapping | list | tuple)}
    return wire.send(end, observation)


def cut(value: Any, length: int) -> Any:
    """Return `value` with each text in it, and each name, truncated to `length` characters."""
    if isinstance(value, str):
        return value if len(value) <= length else f"{value[: length - 1]}…"
    if isinstance(value, Mapping):
        return {cut(name, length): cut(each, length) for name, each in value.items()}
    return [cut(each, length) for each in value] if isinstance(value, list | tuple) else value


probe = Probe()
"""The probe of this process."""
os.register_at_fork(after_in_child=probe.forked)
