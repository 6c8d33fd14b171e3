"""In what a case differs from the lesson's own run."""

from __future__ import annotations

from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson


def has_other_rules(lesson: Lesson, case: Case) -> bool:
    """Return whether the settings, interventions or gates of a case aren't those of the lesson's own run."""
    own, others = lesson.case_knobs(lesson.case(DEFAULT)), lesson.case_knobs(case)
    if lesson.lab_settings(own) != lesson.lab_settings(others):
        return True
    return bool(case.lab_rules) or lesson.interventions_for(own) != lesson.interventions_for(others)


def changes_workers_only(lesson: Lesson, case: Case) -> bool:
    """Return whether a case differs from the lesson's own run in the number of workers, and in nothing else."""
    knobs = lesson.case_knobs(case)
    own, other = (lesson.lab_settings(each).get("Q_CLUSTER", {}) for each in (lesson.defaults, knobs))
    return (
        len(case.knobs) == 1
        and not case.lab_rules
        and own != other
        and {**own, "workers": None} == {**other, "workers": None}
        and lesson.program_text(knobs) == lesson.program_text(lesson.defaults)
    )
