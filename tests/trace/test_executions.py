from __future__ import annotations

import pytest

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import (
    acknowledged,
    by,
    died,
    finished,
    named,
    of_first_edition,
    picked,
    queued,
    returned,
    started,
    stored,
)
from tutor.trace.histories import Execution

MONITOR, WORKER, OTHER = 74, 73, 83


def executions(*events: MadeUpEvent) -> list[Execution]:
    return list(trace_of([asked(), *events]).executions)


def numbers(execution: Execution) -> list[int | None]:
    """The numbers of the events that began it, knew its result, ended it and received its result."""
    points = (execution.started, execution.finished, execution.ended, execution.received)
    return [point.number if point else None for point in points]


def test_an_execution_goes_on_until_an_event_shows_its_end() -> None:
    (execution,) = executions(started())
    assert (execution.pid, execution.started.at_ms, execution.success) == (WORKER, 2.0, None)
    assert (numbers(execution), execution.goes_on) == ([2, None, None, None], True)


def test_a_result_ends_an_execution_whose_outcome_is_still_to_come() -> None:
    (execution,) = executions(started(), finished(success=False))
    assert (execution.success, numbers(execution), execution.goes_on) == (False, [2, 3, 3, None], True)


def test_an_outcome_settles_an_execution() -> None:
    (execution,) = executions(started(), finished(), stored(), acknowledged())
    assert (numbers(execution), execution.goes_on) == ([2, 3, 3, 4], False)


def test_a_result_ends_its_own_delivery() -> None:
    first, second = executions(started(delivery=1), by(OTHER, started(delivery=2)), by(OTHER, finished(delivery=2)))
    assert (first.success, first.ended, second.success) == (None, None, True)


def test_an_outcome_settles_its_own_delivery_while_another_one_goes_on() -> None:
    both = [started(delivery=1), by(OTHER, started(delivery=2)), by(OTHER, finished(delivery=2)), stored(delivery=2)]
    assert [each.goes_on for each in executions(*both)] == [True, False]
    assert [each.goes_on for each in executions(*both, finished(delivery=1))] == [True, False]


def test_a_second_success_which_stores_nothing_ends_with_its_acknowledgement() -> None:
    again = [started(delivery=1), by(OTHER, started(delivery=2)), finished(delivery=1), stored(), acknowledged()]
    again.append(by(OTHER, finished(delivery=2)))
    assert [each.goes_on for each in executions(*again)] == [False, True]
    ended = executions(*again, acknowledged(delivery=2))
    assert [each.goes_on for each in ended] == [False, False]
    assert [numbers(each)[-1] for each in ended] == [5, 8]


def test_an_outcome_without_a_delivery_settles_the_execution_that_finished_first() -> None:
    """Runs of the first edition don't record the delivery of an outcome."""
    both = [started(delivery=1), by(OTHER, started(delivery=2)), by(OTHER, finished(delivery=2)), finished(delivery=1)]
    assert [each.goes_on for each in executions(*both, of_first_edition(stored()))] == [True, False]


def test_the_death_of_its_process_ends_an_execution_without_a_result() -> None:
    (execution,) = executions(started(), died(WORKER))
    assert (execution.success, numbers(execution), execution.goes_on) == (None, [2, None, 3, None], False)


def test_the_death_of_a_process_changes_no_execution_that_has_ended_or_is_elsewhere() -> None:
    assert executions(started(), finished(), died(WORKER)) == executions(started(), finished())
    assert executions(started(), died(99)) == executions(started())


def test_the_death_of_the_monitor_settles_the_executions_whose_results_it_may_have_had() -> None:
    both = [started("t1"), by(OTHER, started("t2")), finished("t1")]
    lost = executions(*both, died(MONITOR, "monitor"))
    assert [each.goes_on for each in lost] == [False, True]
    assert numbers(lost[0]) == [2, 4, 4, None]


def test_a_result_that_the_dead_monitor_did_not_have_is_received_by_the_next_one() -> None:
    (execution,) = executions(started(), finished(), died(MONITOR, "monitor"), by(84, stored()))
    assert numbers(execution) == [2, 3, 3, 5]


def test_the_death_of_the_pusher_ends_no_execution() -> None:
    lost = executions(picked(), started(), died(72, "pusher"))
    assert [each.goes_on for each in lost] == [True]


def test_a_result_without_a_start_makes_no_execution() -> None:
    assert executions(finished(), stored(), acknowledged()) == []


@pytest.mark.parametrize("lane", ["caller", "worker"])
def test_a_task_that_raises_under_sync_has_no_other_end(lane: str) -> None:
    """In the program, or in a task that a worker executes."""
    inside = [started("outer"), started("t1", None, lane), returned("t1", None, lane, error="ValueError: no")]
    outer, inner = executions(*inside)
    assert (inner.success, inner.goes_on, outer.goes_on) == (None, False, True)


def test_a_delivered_task_that_raises_goes_on_until_its_result_is_known() -> None:
    (execution,) = executions(started(), returned(error="ValueError: no"))
    assert (execution.ended, execution.goes_on) == (None, True)


def test_under_sync_a_process_stores_its_own_results_only() -> None:
    worker, caller = started("t1"), started("t1", None, "caller")
    ends = [finished("t1"), finished("t1", None, "caller")]
    found = executions(worker, caller, *ends, stored("t1", None, "caller"))
    assert [each.goes_on for each in found] == [True, False]


@pytest.mark.parametrize("options", [{"save": False}, {"cached": True}])
def test_a_success_under_sync_that_leaves_no_row_is_over_at_once(options: dict[str, bool]) -> None:
    begun = event("started", "caller", **named(sync=True, **options), delivery=None)
    (execution,) = executions(begun, finished("t1", None, "caller"))
    assert (execution.goes_on, execution.received) == (False, None)


def test_the_row_of_a_group_settles_the_execution_that_completes_it() -> None:
    items = [started("t1"), finished("t1"), acknowledged("t1"), started("t2"), finished("t2")]
    assert [each.goes_on for each in executions(*items)] == [False, True]
    of_group = stored("group", delivery=1, result_of="t2")
    assert [each.goes_on for each in executions(*items, of_group)] == [False, False]


def test_executions_are_in_the_order_in_which_they_began() -> None:
    begun = [queued("t1"), queued("t2"), started("t2"), by(OTHER, started("t1"))]
    assert [each.task for each in executions(*begun)] == ["t2", "t1"]
