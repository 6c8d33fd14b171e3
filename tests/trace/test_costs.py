"""What the tasks of a run have cost at each step."""

from __future__ import annotations

from tests.observations import rows
from tests.trace.events import asked, events_of_first_lesson, trace_of
from tests.trace.life import finished, idle, picked, queued, started, stored
from tutor.trace.costs import Costs, costs_at
from tutor.trace.phases import Time

TWO = trace_of(
    [
        asked(),
        queued(),
        queued("t2"),
        picked(),
        started(),
        picked("t2"),
        finished(),
        stored(),
        idle(),
    ]
)


def test_there_is_nothing_at_the_start() -> None:
    assert costs_at(TWO, 0) == Costs()


def test_the_total_is_that_of_all_tasks() -> None:
    costs = costs_at(TWO, len(TWO.steps))
    assert [task.label for task in costs.tasks] == ["charge", "charge #2"]
    assert costs.total["waiting"] == Time(5.0, 2, event=6)
    assert costs.total["handed"] == Time(4.0, 2, goes_on=True, event=6)
    assert costs.total["running"] == Time(2.0, 1, event=7)


def test_tasks_are_counted_by_their_status() -> None:
    assert costs_at(TWO, len(TWO.steps)).statuses == {"Success": 1, "Pending": 1}


def test_a_step_has_nothing_of_later_events() -> None:
    events = events_of_first_lesson()
    whole = trace_of(events)
    for step in whole.steps:
        assert costs_at(trace_of(events[: step.event_number]), step.number) == costs_at(whole, step.number)


def test_a_table_has_the_most_rows_that_it_had_and_the_step_that_changed_it() -> None:
    trace = trace_of([asked(), queued(rows=rows(1, 0)), started(), stored(rows=rows(1, 1)), idle()])
    queue, results = costs_at(trace, len(trace.steps)).rows
    assert (queue.table.count, queue.most, queue.most_at, queue.changed) == (1, 1, 1, 1)
    assert (results.table.count, results.most, results.most_at, results.changed) == (1, 1, 3, 3)
