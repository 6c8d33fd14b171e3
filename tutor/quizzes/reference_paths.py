"""The paths of a lesson's reference runs: which steps they made, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event
from tutor.runs.references import kept
from tutor.runs.versions import stored_lesson
from tutor.trace.model import Trace
from tutor.trace.projector import project

Path = tuple[tuple[str, str], ...]
"""The steps of a run: the id of the rule and the action of each."""


def paths_of(lesson: Lesson) -> Mapping[str, tuple[Path, ...]]:
    """Return name of a case → the paths of its reference runs, for the cases of `lesson` that have any."""
    found: dict[str, list[Path]] = {}
    for each in kept([lesson]).select_related("run").order_by("number"):
        found.setdefault(each.case, []).append(path_of_run(lesson.version, each.run.pk))
    return {case: tuple(paths) for case, paths in found.items()}


def path_of(trace: Trace) -> Path:
    """Return the path of a run."""
    return tuple((step.id, step.action) for step in trace.steps)


@lru_cache(maxsize=1024)
def path_of_run(version: str, run: int) -> Path:
    """Return the path of a reference run. It never changes."""
    return path_of(project(stored_lesson(version), list(Event.objects.filter(run=run).order_by("number"))))
