"""The recorder, which orders and numbers the observations of a run. One recorder makes the events of one run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.protocol.paths import hider, server_folders

from .causal_order import CausalOrder
from .event_store import store
from .models import Event, Run
from .stored_rows import StoredRows
from .writer import Store


@cache
def without_paths() -> Callable[[str], str]:
    """Return the function that hides the paths of this server."""
    return hider(server_folders(Path(settings.VAR)))


class Recorder:
    """Makes the events of one run and passes them to `store`, by default to the database.

    No event tells a path of the server. A lab hides those that it knows, before it truncates a text; what the host
    itself reports is hidden here.

    The time of an event is stored in nanoseconds since the recorder was made, which is when the run asked for its lab.
    """

    def __init__(self, run: Run, store: Store = store) -> None:
        self.run = run
        self.store = store
        self.order = CausalOrder()
        self.rows = StoredRows()
        self.began = time.monotonic_ns()
        self.number = 0
        """The number of the last event."""
        self.bytes = 0
        """The size of all payloads, as they are stored."""

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

    def event(self, number: int, observation: Observation) -> Event:
        payload = self.rows.stored(observation.payload)
        text = json.dumps(payload)
        if observation.kind != "asked" and (hidden := without_paths()(text)) != text:  # A program is stored as it is.
            payload, text = json.loads(hidden), hidden
        self.bytes += len(text)
        return Event(
            run=self.run,
            number=number,
            kind=observation.kind,
            lane=observation.lane,
            pid=observation.pid,
            at=max(0, observation.at - self.began),
            payload=payload,
        )
