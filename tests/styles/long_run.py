"""A run of the first lesson that is too long to be shown as a whole: made-up events of many tasks."""

from __future__ import annotations

from functools import cache

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, event, lesson, numbered
from tutor.runs.models import Event, Run
from tutor.runs.versions import version_of
from tutor.trace.model import Trace
from tutor.trace.projector import project

TASKS = 1034
STEPS = 3 * TASKS


@cache
def long_trace() -> Trace:
    """Return the trace of the run."""
    return project(lesson(), events())


def stored_run() -> Run:
    """Return the run, stored in the database of the test."""
    known = lesson()
    run = Run.objects.create(lesson=known.slug, version=version_of(known), knobs=known.defaults, state=Run.State.ENDED)
    Event.objects.bulk_create(
        Event(
            run=run, number=each.number, kind=each.kind, lane=each.lane, pid=each.pid, at=each.at, payload=each.payload
        )
        for each in events()
    )
    return run


def events() -> list[MadeUpEvent]:
    """Return the events of the run. Each task makes three steps, and prints a line before the last of them."""
    tasks = [each for number in range(1, TASKS + 1) for each in events_of(f"t{number}")]
    return numbered([asked(), *tasks, event("ended", "host", outcome="finished", reason="")])


def events_of(task: str) -> list[MadeUpEvent]:
    return [
        life.queued(task),
        life.started(task),
        life.printed(f"{task} runs\n"),
        event("warned", "worker", text=f"{task} is slow"),
        life.finished(task),
        life.stored(task),
    ]
