"""Replay: the trace of a run from its stored events."""

from __future__ import annotations

from functools import lru_cache

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event, Run
from tutor.trace.model import Trace
from tutor.trace.projector import project


def last_number(run: Run) -> int:
    """Return the number of the last stored event of `run`; 0 if there is none."""
    return run.events.order_by("-number").values_list("number", flat=True).first() or 0


@lru_cache(maxsize=256)
def trace_up_to(lesson: Lesson, run: int, number: int) -> Trace:
    """Return the trace of the first `number` events of the run with the key `run`. Stored events never change."""
    return project(lesson, Event.objects.filter(run=run, number__lte=number).order_by("number"))
