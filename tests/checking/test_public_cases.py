"""Cases after public reports of people who use django-q: each run says what was right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.conftest import RunsOf
from tutor.checking.case_runs import CaseRun, Runs
from tutor.lessons.reading.loading import load

CASES = Path(__file__).parents[1] / "cases"
NAMES = ("coroutine-task", "function-in-the-program", "one-bad-schedule", "receiver-raises", "sync-in-settings")


@pytest.fixture(scope="module")
def runs(runs_of: RunsOf) -> Runs:
    return runs_of([load(CASES / name) for name in NAMES])


def of(runs: Runs, name: str) -> CaseRun:
    return runs[name, "default"]


def test_a_worker_that_dies_before_the_function_uses_up_a_delivery(runs: Runs) -> None:
    run = of(runs, "receiver-raises")
    (task,) = run.trace.tasks
    assert [each.number for each in task.deliveries] == [1, 2]
    assert (task.executions, task.status) == ((), "Pending")
    assert run.trace.ended and run.trace.ended.outcome == "finished"
    assert "LookupError: no tenant" in notices(run)


def test_a_coroutine_is_made_and_never_run(runs: Runs) -> None:
    run = of(runs, "coroutine-task")
    assert run.trace.executions == ()
    assert "the call made a coroutine, which was never awaited" in notices(run)
    assert not [each for each in run.trace.steps if "executes" in each.note or "begins" in each.headline]


def test_under_sync_no_step_speaks_of_a_worker_or_of_a_row_that_was_in_the_queue(runs: Runs) -> None:
    started, stored, *_ = of(runs, "sync-in-settings").trace.steps
    assert (started.headline, started.note) == ("The program begins crawl.", "The program executes shop.tasks.crawl.")
    assert stored.note == "The caller saves a Task row with success True. A row in OrmQ is no longer needed."


def test_a_task_that_no_worker_can_have_is_named_in_its_own_rows(runs: Runs) -> None:
    trace = of(runs, "function-in-the-program").trace
    own = [step for step in trace.steps if step.task_label == "mine"]
    assert {step.id for step in own} == {"queued", "picked"}
    assert {(step.status, step.result) for step in own} == {("Pending", "None")}
    assert not [step for step in trace.steps if "(not seen)" in f"{step.headline} {step.note} {step.sentence}"]


def test_the_reason_why_a_schedule_was_not_carried_out_is_shown(runs: Runs) -> None:
    run = of(runs, "one-bad-schedule")
    (logged,) = [each for each in run.trace.state.notices if each.kind == "logged"]
    said = "Could not create task from schedule"
    assert logged.text.startswith(f"django-q2 logs: {said}: ValueError: malformed node or string on line 1: <ast.Name")
    assert logged.whole.startswith(f"{said}\nTraceback (most recent call last):")


def notices(run: CaseRun) -> str:
    return "\n".join(each.text for each in run.trace.state.notices)
