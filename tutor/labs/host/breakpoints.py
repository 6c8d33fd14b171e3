"""Gates and interventions: what the host answers to a process that stands at a named event."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.actions import is_for_the_cluster
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation
from tutor.protocol.when import When


@dataclass(slots=True)
class PausedProcess:
    """A process that waits for its answer."""

    end: socket
    orders: list[dict[str, Any]]
    gates: list[Gate]
    since: float


HALF_MINUTE = "half-minute"


def half_minutes(interventions: tuple[Intervention, ...]) -> list[Gate]:
    """Whoever stands where half a minute passes goes on when the scheduler has been asked, so that this is certain."""
    moments = [each.moment for each in interventions if each.action == HALF_MINUTE]
    return [Gate(HALF_MINUTE, moment, When("scheduled", count=nth)) for nth, moment in enumerate(moments, 1)]


class Breakpoints:
    """The gates and interventions of one run, with a count of what they wait for."""

    def __init__(self, spec: LabSpec) -> None:
        self.interventions = spec.interventions
        self.gates = (*spec.gates, *half_minutes(spec.interventions))
        self.asked: Counter[int] = Counter()
        """Index among gates and interventions → how many events it matched."""
        self.seen: Counter[int] = Counter()
        """Index of a gate → how many events its `until` matched."""
        self.standing: list[PausedProcess] = []
        self.wanted: list[dict[str, Any]] = []
        """What is to be done to the cluster as soon as it runs."""
        self.ready = False

    def see(self, seen: Observation) -> None:
        """Count an observation towards the gates that wait for it."""
        self.ready |= seen.kind == "ready"
        for index, gate in enumerate(self.gates):
            self.seen[index] += gate.until.matches(seen.kind, seen.lane, seen.payload)

    def ask(self, question: dict[str, Any], end: socket) -> None:
        """Take a process's question; it is answered through `end` as soon as it may go on.

        Raises TypeError, ValueError, LookupError for what no probe would ask.
        """
        end.setblocking(False)  # Whoever passed a full one on purpose is not waited for.
        gates = [gate for index, gate in enumerate(self.gates) if self.is_it(index, gate.at, question)]
        orders: list[dict[str, Any]] = []
        if question["in_transaction"]:
            orders, gates = [{"do": "pass", "name": gate.name} for gate in gates if gate.name != HALF_MINUTE], []
        for index, each in enumerate(self.interventions, len(self.gates)):
            if self.is_it(index, each.moment, question):
                order = {"do": each.action, "event": each.at.event, "count": each.at.count, "seconds": each.seconds}
                (self.wanted if is_for_the_cluster(each.action) else orders).append(order)
        self.standing.append(PausedProcess(end, orders, gates, time.monotonic()))

    def is_it(self, index: int, moment: When, question: dict[str, Any]) -> bool:
        if not moment.matches(question["kind"], question["lane"], dict(question["payload"])):
            return False
        self.asked[index] += 1
        return self.asked[index] == moment.count

    def is_open(self, gate: Gate) -> bool:
        return self.seen[self.gates.index(gate)] >= (gate.until.count or 1)

    def answer(self) -> None:
        """Answer all who can go on."""
        for each in [each for each in self.standing if all(map(self.is_open, each.gates))]:
            self.standing.remove(each)
            gone = [{"do": "go", "name": gate.name} for gate in each.gates if gate.name != HALF_MINUTE]
            try:
                wire.send(each.end, gone + each.orders)
            except OSError:
                pass  # It was killed while it waited, or left no room for the answer.
            each.end.close()

    def due(self) -> list[dict[str, Any]]:
        """What is to be done to the cluster now, each once."""
        due, self.wanted = (self.wanted, []) if self.ready else ([], self.wanted)
        return due

    def expired(self) -> Gate | None:
        """A gate that somebody has stood at for longer than its bound."""
        self.forget_the_dead()
        now = time.monotonic()
        waiting = ((gate, each.since) for each in self.standing for gate in each.gates if not self.is_open(gate))
        return next((gate for gate, since in waiting if now >= since + gate.bound_s), None)

    def forget_the_dead(self) -> None:
        """Forget those who were killed while they waited: nobody stands there any more."""
        gone = wire.readable([each.end.fileno() for each in self.standing], 0)
        for each in [each for each in self.standing if each.end.fileno() in gone]:
            self.standing.remove(each)
            each.end.close()

    def due_in(self) -> float:
        """Seconds until the first bound passes."""
        now = time.monotonic()
        return min((each.since + gate.bound_s - now for each in self.standing for gate in each.gates), default=60.0)

    def close(self) -> None:
        for each in self.standing:
            each.end.close()
