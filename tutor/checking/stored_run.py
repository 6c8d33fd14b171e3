"""A run that a command makes and stores. It has a page like any other run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tutor.lessons.lesson import Lesson
from tutor.runs.event_store import end_run
from tutor.runs.execution import execute
from tutor.runs.models import Run
from tutor.runs.own_host import own_host
from tutor.runs.versions import version_of


def run_and_store(lesson: Lesson, knobs: dict[str, Any], interventions: Sequence[dict[str, Any]]) -> Run:
    """Run `lesson` in a lab of this process; return the run with its events stored. Raise UnsupportedPlatform.

    `interventions` are as `Run.interventions` stores them.
    """
    with own_host() as host:
        run = Run.objects.create(
            lesson=lesson.slug,
            version=version_of(lesson),
            knobs=knobs,
            interventions=list(interventions),
            state=Run.State.RUNNING,
            host=host.name,
        )
        try:
            execute(run, lesson, host)
        finally:
            end_run(run, "stopped", "The command was stopped.")  # If it was interrupted.
    return run
