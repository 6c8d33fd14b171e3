"""Replay: the trace of a run from its stored events, each of which is read and projected once."""

from __future__ import annotations

import json
import threading

from django.db import connection

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event, Run
from tutor.trace.model import Trace
from tutor.trace.projector import Projector

from .byte_cache import ByteCache

MAX_BYTES = 48 * 2**20
"""About how many bytes the replays of a process have; those of the runs that were looked at last are kept."""
BYTES_OF_A_BYTE = 16
"""About how many bytes a replay keeps of each byte of its events' payloads: in measurements 11 to 20."""
NEW_EVENTS = (
    "SELECT number, kind, lane, pid, at, payload FROM runs_event WHERE run_id = %s AND number > %s ORDER BY number"
)
"""A constant, because there are many looks, and a queryset takes ten times as long to make its SQL as to execute it."""


class Replay:
    """The trace of one run, as far as its events have been read."""

    def __init__(self, lesson: Lesson, run: int) -> None:
        self.lesson, self.run = lesson, run
        self.lock = threading.Lock()
        self.start_over()

    def start_over(self) -> None:
        """Forget all events."""
        self.projector: Projector | None = Projector(self.lesson)
        self.trace = self.projector.trace()
        self.bytes = 0

    def read_on(self) -> Trace:
        """Return the trace of all stored events. A look is one query; none for a run that has ended."""
        with self.lock:
            if self.projector and (events := self.new_events()):
                self.add(self.projector, events)
            return self.trace

    def new_events(self) -> list[tuple[Event, int]]:
        """Return the events that haven't been read, each with the bytes of its payload."""
        with connection.cursor() as cursor:
            cursor.execute(NEW_EVENTS, [self.run, self.trace.number])
            return [
                (Event(number=number, kind=kind, lane=lane, pid=pid, at=at, payload=json.loads(payload)), len(payload))
                for number, kind, lane, pid, at, payload in cursor
            ]

    def add(self, projector: Projector, events: list[tuple[Event, int]]) -> None:
        """Apply events. After an error the next look reads all events again, as some of them have been applied."""
        try:
            for event, size in events:
                projector.add(event)
                self.bytes += BYTES_OF_A_BYTE * size
            self.trace = projector.trace()
        except Exception:
            self.start_over()
            raise
        if self.trace.ended:
            self.projector = None


replays: ByteCache[Replay] = ByteCache(MAX_BYTES)
"""Key of a run and version of its lesson → replay."""
creating = threading.Lock()


def trace_of(lesson: Lesson, run: Run) -> Trace:
    """Return the trace of the stored events of `run` by the rules of `lesson`."""
    key = run.pk, lesson.version
    with creating:
        if (replay := replays.get(key)) is None:
            replay = Replay(lesson, run.pk)
            replays.put(key, replay, 0)
    trace = replay.read_on()
    replays.put(key, replay, replay.bytes)
    return trace
