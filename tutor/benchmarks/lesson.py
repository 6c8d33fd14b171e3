"""The lesson whose program is measured, and what benchmarks need of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.lanes import Lane
from tutor.runs.execution import lab_spec


@cache
def measured_lesson() -> Lesson:
    """Return the site's first lesson whose program waits for an outcome, and which has a case that fails twice.

    Raise LookupError if there is none.
    """
    for lesson in catalogue_of((CONTENT,)).read().lessons.values():
        if waiting_line(default_spec(lesson)) and failing_case(lesson):
            return lesson
    raise LookupError("No lesson has a gate from a line of its program to “stored” and a case that fails twice.")


def default_spec(lesson: Lesson) -> LabSpec:
    """Return the lab of the lesson's own run."""
    return lab_spec(lesson, lesson.defaults)


def waiting_line(spec: LabSpec) -> int | None:
    """Return the line at which the program waits until an outcome is stored; None if it doesn't."""
    for gate in spec.gates:
        if (gate.at.event, gate.at.lane, gate.until.event) == ("line", Lane.CALLER, "stored"):
            return int(gate.at.where["line"])
    return None


def failing_case(lesson: Lesson) -> Case | None:
    """Return the case whose knobs alone make a task fail and be delivered a second time; None if there is none."""
    for case in lesson.content.cases:
        if case.outcome == "failed" and case.executions == 2 and not case.interventions:
            return case
    return None


def failing_knobs(lesson: Lesson) -> Mapping[str, str]:
    """Return the knobs of that case as a browser's form has them. Raise LookupError if there is no such case."""
    case = failing_case(lesson)
    if case is None:
        raise LookupError(f"“{lesson.slug}” has no case that fails twice.")
    return lesson.knob_texts(lesson.case_knobs(case))
