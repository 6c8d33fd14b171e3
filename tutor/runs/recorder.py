"""The recorder: number, store, then announce.

One recorder writes one run, in the thread that reads the run's lab. Nobody else adds to a run, except
`close_without_lab`, which ends a run that never had a lab or whose host has died.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from tutor.protocol.observation import Observation

from .causal_order import CausalOrder
from .models import Event, Run
from .signals import run_changed

Store = Callable[[list[Event]], object]
"""Keeps the next events of a run."""


class Recorder:
    """Writes the events of one run.

    Times are stored in nanoseconds since the recorder was made, which is when the run's lab is asked for.
    """

    def __init__(self, run: Run, store: Store = Event.objects.bulk_create) -> None:
        self.run = run
        self.store = store
        self.order = CausalOrder()
        self.began = time.monotonic_ns()
        self.number = 0

    def ask(self, **inputs: Any) -> None:
        """Store the run's inputs as its first event, with the moment that all times of the run are counted from."""
        payload = {**inputs, "monotonic_ns": self.began}
        self.write([Observation(0, os.getpid(), "host", self.began, "asked", payload)])

    def record(self, batch: Iterable[Observation]) -> None:
        """Store what of `batch` and of what waited has its causes."""
        self.write(self.order.push(batch))

    def close(self, outcome: str | None = None, reason: str = "") -> None:
        """Store all that still waited and, if the lab itself could not say how it ended, that."""
        rest = self.order.flush()
        if outcome:
            payload = {"outcome": outcome, "reason": reason}
            rest.append(Observation(0, os.getpid(), "host", time.monotonic_ns(), "ended", payload))
        self.write(rest)

    def write(self, seen: list[Observation]) -> None:
        if not seen:
            return
        events = [self.numbered(number, one) for number, one in enumerate(seen, self.number + 1)]
        self.store(events)
        self.number += len(events)
        run_changed.send(Run, run=self.run)

    def numbered(self, number: int, seen: Observation) -> Event:
        return Event(
            run=self.run,
            number=number,
            kind=seen.kind,
            lane=seen.lane,
            pid=seen.pid,
            at=max(0, seen.at - self.began),
            payload=seen.payload,
        )


def close_without_lab(run: Run, outcome: str, reason: str) -> None:
    """End a run that no lab can end with an event that says why; what was stored stays as it is.

    Two processes may find out at once: the second one's event has a number that is taken, and is dropped.
    """
    last = run.events.order_by("number").last()
    if last and last.kind == "ended":
        return
    ended = Event(
        run=run,
        number=last.number + 1 if last else 1,
        kind="ended",
        lane="host",
        pid=os.getpid(),
        at=last.at if last else 0,
        payload={"outcome": outcome, "reason": reason},
    )
    Event.objects.bulk_create([ended], ignore_conflicts=True)
