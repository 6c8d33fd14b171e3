"""A plain project under a cold `manage.py qcluster` ends in the state of the lab: rows, executions, output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.checking.conftest import Checked
from tutor.checking.case_runs import CaseRunner
from tutor.checking.cold import EndState, compare, end_state, state_in_lab
from tutor.lessons import catalogue
from tutor.protocol.limits import ROWS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_a_lesson_with_gates_ends_in_the_same_state(runner: CaseRunner) -> None:
    lesson = catalogue.get("chains")
    run = runner.run(lesson, lesson.case("default"))
    assert list(compare([run])) == [(run, [])]


def test_differences_are_named(runner: CaseRunner) -> None:
    lesson = catalogue.get("task-results-and-status")
    state = state_in_lab(runner.run(lesson, lesson.case("default")))
    assert list(state.differences(replace(state, executions=2, printed=("once more",)))) == [
        "executions: 1 in the lab, 2 under qcluster",
        "printed: () in the lab, ('once more',) under qcluster",
    ]


def test_what_differs_from_run_to_run_can_be_left_out() -> None:
    def state(pid: int, varies: Sequence[str]) -> EndState:
        task = {"func": "work", "success": True, "attempt_count": 1, "result": f"by {pid}"}
        return end_state((0, 1), [task], 1, f"process {pid} at work\n", varies)

    assert [each.split(":")[0] for each in state(17, ()).differences(state(18, ()))] == ["tasks", "printed"]
    assert not list(state(17, [r"\d+"]).differences(state(18, [r"\d+"])))


def test_a_lesson_says_what_differs_from_run_to_run(checked: Checked) -> None:
    lesson = checked.with_text("minutes = 5\n", "minutes = 5\nvaries = ['[0-9]+']\n")
    run = checked.runs["my-first", "default"]
    results = [[each[-1] for each in state_in_lab(replace(run, lesson=of)).tasks] for of in (run.lesson, lesson)]
    assert results == [["42"], [""]]


@pytest.mark.thorough
def test_of_more_tasks_than_a_table_shows_the_first_are_compared_and_all_counted(runner: CaseRunner) -> None:
    lesson = catalogue.get("sixty-mails-three-workers")
    run = runner.run(lesson, lesson.case("few"))
    state = state_in_lab(run)
    assert (state.stored, len(state.tasks)) == (20, ROWS)
    assert list(compare([run])) == [(run, [])]
