"""The time that a task has spent in each phase, as it had been seen at a step."""

from __future__ import annotations

from tests.observations import MONITOR, WORKER
from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, trace_of
from tests.trace.life import (
    acknowledged,
    by,
    died,
    finished,
    idle,
    not_started,
    of_first_edition,
    picked,
    queued,
    returned,
    started,
    stored,
    uncommitted,
)
from tutor.trace.bars import BarKind
from tutor.trace.costs import costs_at
from tutor.trace.phases import NO_TIME, Phase, Time
from tutor.trace.timeline import timeline_at

DELIVERED = (queued(), picked(), started())
"""At 2, 3 and 4 ms."""


def spent(phase: Phase, *events: MadeUpEvent) -> Time:
    """Return the time of the only task at the last step. The first event is at 1 ms, the next at 2 ms, and so on."""
    trace = trace_of([asked(), *events, idle()])
    (task,) = costs_at(trace, len(trace.steps)).tasks
    return task.times[phase]


def test_a_task_waits_from_its_commit_until_its_first_delivery() -> None:
    assert spent("waiting", uncommitted()) is NO_TIME
    assert spent("waiting", uncommitted(), queued()) == Time(1.0, 1, goes_on=True, event=3)
    assert spent("waiting", uncommitted(), queued(), picked()) == Time(1.0, 1, event=4)
    assert spent("waiting", *DELIVERED, picked(delivery=2)) == Time(1.0, 1, event=3)


def test_a_wait_whose_commit_or_delivery_was_not_observed_has_no_time() -> None:
    assert spent("waiting", picked()) == Time(unobserved=1, event=2)
    assert spent("waiting", queued(), started()) == Time(unobserved=1, event=3)


def test_a_delivery_is_handed_over_until_its_execution_begins() -> None:
    assert spent("handed", queued(), picked()) == Time(1.0, 1, goes_on=True, event=3)
    assert spent("handed", *DELIVERED) == Time(1.0, 1, event=4)
    again = spent("handed", *DELIVERED, picked(delivery=2), idle(), started(delivery=2))
    assert again == Time(3.0, 2, event=7)


def test_a_delivery_is_handed_over_until_its_worker_has_not_entered_the_function() -> None:
    assert spent("handed", queued(), picked(), not_started()) == Time(1.0, 1, event=4)
    assert spent("running", queued(), picked(), not_started()) is NO_TIME


def test_a_delivery_that_a_later_execution_overtakes_has_no_observed_end() -> None:
    assert spent("handed", queued(), picked(), picked(delivery=2), started(delivery=2)) == Time(1.0, 1, 1, event=5)


def test_an_execution_runs_until_its_worker_knows_the_result() -> None:
    assert spent("running", *DELIVERED) == Time(1.0, 1, goes_on=True, event=4)
    assert spent("running", *DELIVERED, returned(), finished()) == Time(2.0, 1, event=6)


def test_an_execution_runs_at_most_until_the_death_of_its_worker_was_noticed() -> None:
    assert spent("running", *DELIVERED, died(WORKER)) == Time(1.0, 1, at_most=True, event=5)


def test_an_execution_that_an_intervention_kills_ends_there() -> None:
    killed = event("intervened", "worker", task="t1", action="kill", event="line", count=1)
    assert spent("running", *DELIVERED, killed) == Time(1.0, 1, event=5)
    assert spent("running", *DELIVERED, killed, idle(), died(WORKER)) == Time(1.0, 1, event=5)


def test_a_task_that_is_not_delivered_is_only_executed_and_stored() -> None:
    alone = (started(delivery=None, lane="caller"), finished(delivery=None, lane="caller"))
    events = (*alone, stored(delivery=None, lane="caller"))
    assert spent("running", *events) == Time(1.0, 1, event=3)
    assert spent("storing", *events) == Time(1.0, 1, event=4)
    assert {spent(phase, *events) for phase in ("waiting", "handed", "locked")} == {NO_TIME}


def test_a_result_is_stored_from_the_end_of_its_execution_until_its_row_is_saved() -> None:
    assert spent("storing", *DELIVERED) is NO_TIME
    assert spent("storing", *DELIVERED, finished()) == Time(1.0, 1, goes_on=True, event=5)
    assert spent("storing", *DELIVERED, finished(), stored(), acknowledged()) == Time(1.0, 1, event=6)


def test_a_result_that_is_acknowledged_and_not_saved_was_not_stored() -> None:
    assert spent("storing", *DELIVERED, finished(), acknowledged()) == Time(dropped=1, event=6)


def test_a_result_that_died_with_the_monitor_has_no_observed_end() -> None:
    assert spent("storing", *DELIVERED, finished(), died(MONITOR, "monitor")) == Time(unobserved=1, event=6)


def test_each_of_two_executions_at_the_same_time_counts() -> None:
    both = (*DELIVERED, picked(delivery=2), by(78, started(delivery=2)), finished(), by(78, finished(delivery=2)))
    assert spent("running", *both) == Time(5.0, 2, event=8)


def test_a_row_is_locked_until_its_lock_ends_or_it_is_deleted() -> None:
    assert spent("locked", queued(), picked()) == Time(1.0, 1, goes_on=True, event=3)
    assert spent("locked", queued(), picked(lock_s=0.001), idle()) == Time(1.0, 1, event=3)
    assert spent("locked", *DELIVERED, finished(), acknowledged()) == Time(3.0, 1, event=6)


def test_a_lock_of_a_run_that_does_not_record_it_was_not_observed() -> None:
    assert spent("locked", *map(of_first_edition, (queued(), picked()))) == Time(unobserved=1, event=3)


def test_the_times_are_those_of_the_bars_of_the_timeline() -> None:
    trace = trace_of(events_of_first_lesson())
    kinds: dict[BarKind, Phase] = {"waiting": "waiting", "locked": "locked", "execution": "running"}
    for step in trace.steps:
        (task,) = costs_at(trace, step.number).tasks
        bars = timeline_at(trace, step.number).bars
        for kind, phase in kinds.items():
            ends = [(bar.begin.at_ms, min(bar.end_ms or step.at_ms, step.at_ms)) for bar in bars if bar.kind == kind]
            assert task.times[phase].ms == sum(end - begin for begin, end in ends)
