"""The timeline at each step: lanes and bars as they had been seen by then."""

from __future__ import annotations

from tests.observations import CALLER, PUSHER, WORKER
from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, trace_of
from tests.trace.life import acknowledged, died, finished, picked, queued, started
from tutor.trace.timeline import Bar, BarKind, timeline_at

IDLE = event("idle", "lab", waiting=0)
"""Makes the last step, at which all of the events before it have been seen."""


def bars(kind: BarKind, *events: MadeUpEvent) -> list[Bar]:
    """Return the bars of that kind at the last step. The first event is at 1 ms, the next at 2 ms, and so on."""
    trace = trace_of([asked(), *events, IDLE])
    return [bar for bar in timeline_at(trace, len(trace.steps)).bars if bar.kind == kind]


def test_a_task_waits_from_its_commit_until_it_is_taken() -> None:
    (bar,) = bars("waiting", queued())
    assert (bar.task_label, bar.begin.pid, bar.begin.at_ms, bar.end_ms) == ("charge", CALLER, 2.0, None)
    (bar,) = bars("waiting", queued(), picked())
    assert bar.end_ms == 3.0


def test_a_row_is_locked_until_its_lock_ends_or_the_row_is_deleted() -> None:
    (bar,) = bars("locked", queued(), picked())
    assert (bar.delivery, bar.begin.pid, bar.begin.at_ms, bar.end_ms) == (1, PUSHER, 3.0, 60_003.0)
    (bar,) = bars("locked", queued(), picked(), acknowledged())
    assert bar.end_ms == 4.0


def test_a_row_is_deleted_once_however_often_its_task_is_acknowledged() -> None:
    first, second = bars("locked", queued(), picked(lock_s=0.001), picked(delivery=2), acknowledged(), acknowledged())
    assert (first.end_ms, second.end_ms) == (4.0, 5.0)


def test_an_execution_has_no_end_while_it_goes_on() -> None:
    (bar,) = bars("execution", queued(), picked(), started())
    assert (bar.delivery, bar.begin.pid, bar.begin.at_ms, bar.end_ms) == (1, WORKER, 4.0, None)
    (bar,) = bars("execution", queued(), picked(), started(), finished())
    assert (bar.end_ms, bar.success) == (5.0, True)


def test_an_execution_whose_worker_died_has_an_end_and_no_result() -> None:
    (bar,) = bars("execution", queued(), picked(), started(), died(WORKER))
    assert (bar.end_ms, bar.success) == (5.0, None)


def test_there_is_nothing_at_the_start() -> None:
    timeline = timeline_at(trace_of(events_of_first_lesson()), 0)
    assert (timeline.lanes, timeline.bars) == ((), ())


def test_a_lane_lasts_from_the_first_event_of_its_process_to_the_last_one_so_far() -> None:
    trace = trace_of(events_of_first_lesson())
    (caller,) = [each for each in timeline_at(trace, 1).lanes if each.role == "caller"]
    assert caller.first_ms < caller.last_ms == trace.steps[0].at_ms
    assert [each.label for each in timeline_at(trace, 2).lanes if each.role == "worker"] == ["worker A"]


def test_no_timeline_shows_what_came_after_its_step() -> None:
    events = events_of_first_lesson()
    whole = trace_of(events)
    assert len(whole.steps) == 6
    for step in whole.steps:
        so_far = trace_of(events[: step.event_number])
        assert timeline_at(so_far, step.number) == timeline_at(whole, step.number)
