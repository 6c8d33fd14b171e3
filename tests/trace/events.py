"""Made-up events for tests of the trace, and the first lesson that they are events of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.observations import PIDS, first_lesson
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.trace.model import Trace
from tutor.trace.projector import project

SLUG = "task-results-and-status"
TASK = {"task": "2be8b4c0", "name": "green-four-lake-sad", "func": "math.copysign"}


@dataclass(frozen=True)
class MadeUpEvent:
    """An event as the trace reads it, which nothing has recorded."""

    kind: str
    lane: str
    payload: dict[str, Any]
    number: int = 0
    pid: int = 0
    at: int = 0


def event(kind: str, lane: str, **payload: Any) -> MadeUpEvent:
    """Return an event of the process that has that role in `tests.observations`."""
    return MadeUpEvent(kind, lane, payload, pid=PIDS[lane])


def numbered(events: Iterable[MadeUpEvent]) -> list[MadeUpEvent]:
    """Return `events` as those of one run: numbered from 1, a millisecond apart."""
    return [replace(each, number=number, at=number * 1_000_000) for number, each in enumerate(events, 1)]


def lesson() -> Lesson:
    return catalogue.get(SLUG)


def asked(**knobs: object) -> MadeUpEvent:
    return event("asked", "host", knobs={**lesson().defaults, **knobs})


def events_of_first_lesson() -> list[MadeUpEvent]:
    """Return the events of the first lesson's own run."""
    recorded = [MadeUpEvent(each.kind, each.lane, each.payload, pid=each.pid) for each in first_lesson()]
    return numbered([asked(), *recorded])


def trace_of(events: Sequence[MadeUpEvent], of: Lesson | None = None) -> Trace:
    """Return the trace of made-up events, numbered in their order."""
    return project(of or lesson(), numbered(events))


def changed(of: Lesson, **content: Any) -> Lesson:
    """Return a lesson with other values in its `lesson.toml`; they aren't checked."""
    return replace(of, content=of.content.model_copy(update=content))
