"""Made-up timelines for tests of drawings."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tutor.trace.bars import Bar, BarKind, Place
from tutor.trace.histories import Point
from tutor.trace.model import Step
from tutor.trace.state import TraceState
from tutor.trace.timeline import Timeline

PLACES = {
    "waiting": Place("OrmQ"),
    "locked": Place("OrmQ"),
    "stored": Place("Task"),
    "execution": Place("worker", 73),
    "storing": Place("monitor", 74),
    "program": Place("caller", 70),
    "paused": Place("caller", 70),
    "rows": Place("Order"),
}
"""Kind of a bar → a place that it can have."""


def bar(kind: BarKind, begin_ms: float, end_ms: float | None, **more: Any) -> Bar:
    place = more.pop("place", PLACES[kind])
    return Bar(kind, place, Point(more.pop("number", 1), place.name, place.pid, begin_ms), end_ms, **more)


def timeline(*bars: Bar, zero_ms: float = 0.0, now_ms: float, **more: Any) -> Timeline:
    return Timeline(zero_ms=zero_ms, now_ms=now_ms, bars=bars, **more)


def steps_at(*times: float) -> list[Step]:
    """Return steps at those milliseconds, by no process that has a lane."""
    texts = dict.fromkeys((each.name for each in fields(Step) if each.type == "str"), "")
    return [
        Step(
            number=number,
            event_number=1000 + number,
            pid=0,
            at_ms=at,
            payload={},
            state=TraceState(),
            token=None,
            unsettled=(),
            unstored=(),
            **texts,
        )
        for number, at in enumerate(times, 1)
    ]
