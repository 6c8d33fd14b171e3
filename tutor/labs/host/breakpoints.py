"""Gates and interventions: the host's answers to processes that wait at a breakpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.actions import is_for_the_supervisor
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention, Subject
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

from .subjects import Subjects

HALF_MINUTE, SKIP_GATE, KILL_CALLER = "half-minute", "skip-gate", "kill-caller"
UNTIL_ASKED_S = 60.0
"""Seconds to wait for messages while no process waits at a gate."""


@dataclass(slots=True)
class Hits:
    """Counts the events that match a moment."""

    moment: When
    subject: Subject | None = None
    """What the events must be about; None for anything."""
    number: int = 0

    def is_at(self, question: Mapping[str, Any], subjects: Subjects) -> bool:
        """Count the event of `question` if it matches; return whether its number is `moment.count`."""
        kind, lane, payload = question["kind"], question["lane"], subjects.described(question["payload"])
        if not self.moment.matches(kind, lane, payload):
            return False
        if self.subject and not subjects.is_about(self.subject, lane, question["pid"], payload):
            return False
        self.number += 1
        return self.number == self.moment.count

    @property
    def is_over(self) -> bool:
        """Whether no further event can be the one."""
        return self.moment.count is not None and self.number >= self.moment.count


@dataclass(slots=True)
class WatchedGate:
    """A gate and the number of matching events so far."""

    gate: Gate
    openings: int = 0

    def observe(self, kind: str, lane: str, payload: Mapping[str, Any]) -> None:
        self.openings += self.gate.until.matches(kind, lane, payload)

    @property
    def is_open(self) -> bool:
        return self.openings >= (self.gate.until.count or 1)


@dataclass(slots=True)
class PausedProcess:
    """A process that waits at a breakpoint."""

    end: socket
    """The socket for the answer."""
    orders: list[dict[str, Any]]
    """The answer."""
    gates: list[WatchedGate]
    """The gates that must be open before it is answered."""
    since: float
    """When it asked, in seconds of the lab's clock."""
    lane: str = ""

    @property
    def may_go_on(self) -> bool:
        return all(each.is_open for each in self.gates)


class Breakpoints:
    """The gates and interventions of one run, and the processes that wait at them.

    `now` is the lab's clock and returns seconds.
    """

    def __init__(self, spec: LabSpec, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.gates = [(Hits(gate.at), WatchedGate(gate)) for gate in spec.gates]
        self.interventions = [(Hits(each.moment, each.subject), each) for each in spec.interventions]
        self.half_minutes = half_minute_gates(spec.interventions, 1 + len(spec.clusters))
        self.unused_half_minutes = iter(self.half_minutes)
        self.subjects = Subjects()
        self.paused: list[PausedProcess] = []
        self.caller_gate = WatchedGate(Gate(KILL_CALLER, When("line"), When("died", where={"process": Lane.CALLER})))
        """At which a process waits that the caller is killed."""
        self.dooms_caller = False
        """Whether the caller is to be killed. From then on, it doesn't pass a gate any more."""
        self.supervisor_orders: list[dict[str, Any]] = []
        """Orders for the supervisor, to be sent once the clusters are running."""
        self.not_ready = 1 + len(spec.clusters)
        """Number of clusters that aren't running yet."""

    def observe(self, observation: Observation) -> None:
        """Count an observation towards the gates that it opens."""
        self.not_ready -= observation.kind == "ready"
        self.subjects.observe(observation)
        payload = self.subjects.described(observation.payload)
        for gate in (*(watched for _, watched in self.gates), *self.half_minutes, self.caller_gate):
            gate.observe(observation.kind, observation.lane, payload)
        self.caller_gate.openings += observation.kind == "program_ended"

    def pause(self, question: Mapping[str, Any], end: socket) -> None:
        """Accept the question of a process at a breakpoint. `answer` replies through `end` when the process may go on.

        If a gate isn't open, the process is told at once that it has to wait. A process inside a transaction doesn't
        wait. Raises TypeError, ValueError or LookupError if the question is malformed.
        """
        end.setblocking(False)  # A program may have filled it on purpose.
        gates = [watched for hits, watched in self.gates if hits.is_at(question, self.subjects)]
        due = [each for hits, each in self.interventions if hits.is_at(question, self.subjects)]
        if any(each.action == SKIP_GATE for each in due):
            gates = []
        closed = next((each.gate.name for each in gates if not each.is_open), None)
        if closed and not question["in_transaction"]:
            reply(end, [{"do": "wait", "name": closed}])
        orders: list[dict[str, Any]] = [
            {"do": "pass" if question["in_transaction"] else "go", "name": each.gate.name} for each in gates
        ]
        for each in due:
            order = {"do": each.action, "event": each.at.event, "count": each.at.count, "seconds": each.seconds}
            (self.supervisor_orders if is_for_the_supervisor(each.action) else orders).append(order)
            if each.action == HALF_MINUTE:
                gates.append(next(self.unused_half_minutes))
            if each.action == KILL_CALLER:
                gates.append(self.caller_gate)
                self.dooms_caller = True
        gates = [] if question["in_transaction"] else gates
        self.paused.append(PausedProcess(end, orders, gates, self.now(), question["lane"]))

    def answer(self) -> None:
        """Answer the processes that may go on."""
        held = Lane.CALLER if self.dooms_caller else None
        for each in [each for each in self.paused if each.may_go_on and each.lane != held]:
            self.paused.remove(each)
            reply(each.end, [*each.orders, *self.over()])
            each.end.close()

    def over(self) -> list[dict[str, Any]]:
        """Return the order to forget the breakpoints that are over, if any: their numbers in the lab's specification.

        Without it, a process in a loop would ask at every turn.
        """
        hits = [hits for hits, _ in (*self.gates, *self.interventions)]
        numbers = [number for number, each in enumerate(hits) if each.is_over]
        return [{"do": "forget", "breakpoints": numbers}] if numbers else []

    def take_supervisor_orders(self) -> list[dict[str, Any]]:
        """Return the orders for the supervisor that are due, and forget them."""
        if self.not_ready > 0:
            return []
        orders, self.supervisor_orders = self.supervisor_orders, []
        return orders

    def expired_gate(self) -> Gate | None:
        """Return a gate at which a process has waited for longer than the gate's bound."""
        self.discard_ended()
        now = self.now()
        for each in self.paused:
            for watched in each.gates:
                if not watched.is_open and now >= each.since + watched.gate.bound_s:
                    return watched.gate
        return None

    def discard_ended(self) -> None:
        """Forget the processes that were killed while they waited."""
        ended = wire.readable([each.end.fileno() for each in self.paused], 0)
        for each in [each for each in self.paused if each.end.fileno() in ended]:
            self.paused.remove(each)
            each.end.close()

    def due_in(self) -> float:
        """Return the seconds until the first gate expires."""
        closed = ((each, watched) for each in self.paused for watched in each.gates if not watched.is_open)
        now = self.now()
        return min((each.since + watched.gate.bound_s - now for each, watched in closed), default=UNTIL_ASKED_S)

    def close(self) -> None:
        for each in self.paused:
            each.end.close()


def reply(end: socket, orders: list[dict[str, Any]]) -> None:
    with suppress(OSError):  # The process was killed while it waited, or the socket's buffer is full.
        wire.send(end, orders)


def half_minute_gates(interventions: Iterable[Intervention], clusters: int) -> list[WatchedGate]:
    """Return a gate for each "half-minute" intervention, in the order in which they take place.

    The process at whose event the intervention takes place waits until the scheduler of each of the `clusters` was
    called, so the order of these events is always the same.
    """
    moments = [each.moment for each in interventions if each.action == HALF_MINUTE]
    return [
        WatchedGate(Gate(HALF_MINUTE, moment, When("scheduled", count=nth * clusters)))
        for nth, moment in enumerate(moments, 1)
    ]
