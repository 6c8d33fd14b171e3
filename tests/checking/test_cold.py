"""A plain project under a cold `manage.py qcluster` leaves what the lab left: rows, executions, output."""

from __future__ import annotations

from dataclasses import replace

from tutor.checking.case_runs import Keeping
from tutor.checking.cold import left_by, run_cold
from tutor.lessons import catalogue


def test_a_lesson_with_gates_leaves_the_same(keeping: Keeping) -> None:
    lesson = catalogue.get("chains")
    run = keeping.run(lesson, lesson.case("default"), anew=False)
    assert run_cold(run) == left_by(run)


def test_a_difference_is_said(keeping: Keeping) -> None:
    lesson = catalogue.get("task-results-and-status")
    left = left_by(keeping.run(lesson, lesson.case("default"), anew=False))
    said = list(left.differences(replace(left, executions=2, printed=("once more",))))
    assert said == [
        "executions: 1 in the lab, 2 under qcluster",
        "printed: () in the lab, ('once more',) under qcluster",
    ]
