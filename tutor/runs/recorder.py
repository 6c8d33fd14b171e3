"""The recorder, which numbers the observations of a run, stores them as events and announces them.

One recorder writes one run, in the thread that reads the run's lab. Nothing else adds events, except
`close_without_lab`, which ends a run that never had a lab or whose host has died.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable

from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation

from .causal_order import CausalOrder
from .models import Event, Run
from .signals import run_changed
from .stored_rows import StoredRows

Store = Callable[[list[Event]], object]
"""Stores the next events of a run."""


class Recorder:
    """Writes the events of one run.

    The time of an event is stored in nanoseconds since the recorder was made, which is when the run asked for its lab.
    """

    def __init__(self, run: Run, store: Store = Event.objects.bulk_create) -> None:
        self.run = run
        self.store = store
        self.order = CausalOrder()
        self.rows = StoredRows()
        self.began = time.monotonic_ns()
        self.number = 0
        """The number of the last event."""

    def ask(self, lesson: str, version: str, program: str) -> None:
        """Store the inputs of the run as its first event, with the time at which its clock starts."""
        payload = {
            "lesson": lesson,
            "version": version,
            "knobs": self.run.knobs,
            "interventions": self.run.interventions,
            "program": program,
            "monotonic_ns": self.began,
        }
        self.write([Observation(0, os.getpid(), Lane.HOST, self.began, "asked", payload)])

    def record(self, batch: Iterable[Observation]) -> None:
        """Add `batch`, and store all observations whose causes are stored."""
        self.write(self.order.push(batch))

    def close(self, outcome: str | None = None, reason: str = "") -> None:
        """Store the remaining observations and, if an outcome is given because there was no lab, the run's end."""
        rest = self.order.flush()
        if outcome:
            payload = {"outcome": outcome, "reason": reason}
            rest.append(Observation(0, os.getpid(), Lane.HOST, time.monotonic_ns(), "ended", payload))
        self.write(rest)

    def write(self, observations: list[Observation]) -> None:
        if not observations:
            return
        events = [self.event(number, each) for number, each in enumerate(observations, self.number + 1)]
        self.store(events)
        self.number += len(events)
        run_changed.send(Run, run=self.run)

    def event(self, number: int, observation: Observation) -> Event:
        return Event(
            run=self.run,
            number=number,
            kind=observation.kind,
            lane=observation.lane,
            pid=observation.pid,
            at=max(0, observation.at - self.began),
            payload=self.rows.stored(observation.payload),
        )


def close_without_lab(run: Run, outcome: str, reason: str) -> None:
    """Store the `ended` event of a run that has no lab. Does nothing if it is already stored.

    If two processes do this at the same time, their events have the same number, and the second one is ignored.
    """
    last = run.events.order_by("number").last()
    if last and last.kind == "ended":
        return
    ended = Event(
        run=run,
        number=last.number + 1 if last else 1,
        kind="ended",
        lane=Lane.HOST,
        pid=os.getpid(),
        at=last.at if last else 0,
        payload={"outcome": outcome, "reason": reason},
    )
    Event.objects.bulk_create([ended], ignore_conflicts=True)
