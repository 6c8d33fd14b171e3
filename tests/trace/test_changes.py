"""The changes of a task's status and result, and both at any event."""

from __future__ import annotations

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, events_of_first_lesson, lesson, trace_of
from tests.trace.life import (
    acknowledged,
    deleted,
    died,
    finished,
    picked,
    queued,
    rolled_back,
    started,
    stored,
    uncommitted,
)
from tests.trace.simulation import SIMULATED, TASKS, Cluster
from tutor.trace.histories import TaskHistory
from tutor.trace.projector import project

STATUSES = {"N/A", "Pending", "Running", "Success", "Failed"}


def history(*events: MadeUpEvent) -> TaskHistory:
    (task,) = trace_of([asked(), *events]).tasks
    return task


def changes(*events: MadeUpEvent) -> list[tuple[int, str, str]]:
    return [(each.number, each.status, each.result) for each in history(*events).changes]


def test_a_task_is_pending_then_running_then_a_success() -> None:
    life = [queued(), picked(), started(), finished(), stored(), acknowledged()]
    assert changes(*life) == [(2, "Pending", "None"), (4, "Running", "None"), (6, "Success", "-1.0")]


def test_status_and_result_are_those_after_the_event() -> None:
    task = history(queued(), picked(), started(), finished(), stored())
    assert [task.status_at(number) for number in range(8)] == [
        *["N/A"] * 2,
        *["Pending"] * 2,
        *["Running"] * 2,
        *["Success"] * 2,
    ]
    assert (task.result_at(5), task.result_at(6)) == ("None", "-1.0")


def test_a_failure_and_the_success_after_it_are_two_changes_of_the_row() -> None:
    failed = stored(success=False, result="ValueError")
    again = [picked("t1", 2), started("t1", 2), finished("t1", 2), stored("t1", 2, attempt_count=2)]
    assert changes(queued(), started(), finished(success=False), failed, *again)[2:] == [
        (5, "Failed", "ValueError"),
        (9, "Success", "-1.0"),
    ]


def test_a_killed_worker_leaves_its_task_pending() -> None:
    assert changes(queued(), started(), died(73))[-1] == (4, "Pending", "None")


def test_a_deleted_row_leaves_a_task_without_a_status() -> None:
    stored_and_gone = [queued(), started(), finished(), stored(), acknowledged(), deleted()]
    assert changes(*stored_and_gone)[-1] == (7, "N/A", "None")


def test_a_success_that_is_not_saved_leaves_a_task_without_a_status() -> None:
    assert changes(queued(), started(), finished(), acknowledged())[-1] == (5, "N/A", "None")


def test_a_task_is_pending_until_its_transaction_is_over() -> None:
    assert [status for _, status, _ in changes(uncommitted(), rolled_back())] == ["Pending", "N/A"]
    assert [status for _, status, _ in changes(uncommitted(), queued())] == ["Pending"]


def test_a_transaction_ends_with_its_process() -> None:
    assert changes(uncommitted(), died(71, "caller"))[-1] == (3, "N/A", "None")
    assert changes(uncommitted(), died(73))[-1] == (2, "Pending", "None")
    assert changes(uncommitted(), queued(), died(71, "caller"))[-1] == (2, "Pending", "None")


def test_a_task_that_was_picked_before_its_row_was_seen_is_pending() -> None:
    assert changes(picked(), queued()) == [(2, "Pending", "None")]


def test_the_row_of_a_group_is_a_task_of_its_own() -> None:
    items = [queued("t1"), started("t1"), finished("t1"), stored("group", result_of="t1"), acknowledged("t1")]
    item, group = trace_of([asked(), *items]).tasks
    assert [each.status for each in item.changes] == ["Pending", "Running", "Pending", "N/A"]
    assert [each.status for each in group.changes] == ["Success"]


@given(SIMULATED)
def test_the_status_of_a_task_agrees_with_the_tables_after_each_event(cluster: Cluster) -> None:
    tasks = project(lesson(), cluster.events).histories.tasks
    for event, statuses in zip(cluster.events, cluster.statuses, strict=True):
        for id in TASKS:
            found = tasks[id].status_at(event.number) if id in tasks else "N/A"
            assert found == statuses[id], (event.number, id)


@given(SIMULATED)
def test_a_status_at_an_event_is_the_one_that_was_known_then(cluster: Cluster) -> None:
    whole = project(lesson(), cluster.events)
    for number in range(len(cluster.events) + 1):
        for task in project(lesson(), cluster.events[:number]).tasks:
            later = whole.histories.tasks[task.id]
            assert (later.status_at(number), later.result_at(number)) == (task.status, task.result)


@given(RUNS)
def test_every_status_is_one_of_five(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    assert {step.status for step in trace.steps} <= STATUSES
    assert {each.status for task in trace.tasks for each in task.changes} <= STATUSES


def test_the_statuses_of_the_first_lessons_task_agree_with_the_rows_of_its_events() -> None:
    events = events_of_first_lesson()
    (task,) = project(lesson(), events).tasks
    for event in (each for each in events if each.payload.get("rows")):
        rows, status = event.payload["rows"], task.status_at(event.number)
        assert (status == "Success") == bool(rows["Task"]["rows"])
        assert (status in ("Pending", "Running")) == (bool(rows["OrmQ"]["rows"]) and not rows["Task"]["rows"])
