"""The timeline at each step: lanes and bars as they had been seen by then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import example, given

from tests.observations import CALLER, MONITOR, PUSHER, WORKER
from tests.snapshots import table
from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, numbered, trace_of
from tests.trace.life import (
    acknowledged,
    by,
    deleted,
    died,
    finished,
    gate,
    of_first_edition,
    picked,
    queued,
    returned,
    rolled_back,
    started,
    stored,
    uncommitted,
)
from tutor.trace.bars import Bar, BarKind
from tutor.trace.timeline import timeline_at

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


def test_all_tasks_of_a_transaction_wait_from_the_one_commit() -> None:
    others = [by(MONITOR, uncommitted("t3")), uncommitted("t4"), rolled_back("t4")]
    transaction = [uncommitted("t1"), uncommitted("t2"), *others]
    assert bars("waiting", *transaction) == []
    found = bars("waiting", *transaction, queued("t1"))
    assert [(bar.task, bar.begin.at_ms) for bar in found] == [("t1", 7.0), ("t2", 7.0)]
    assert bars("waiting", *transaction, queued("t1"), queued("t2")) == found


def test_a_row_is_locked_until_its_lock_ends_or_the_row_is_deleted() -> None:
    (bar,) = bars("locked", queued(), picked())
    assert (bar.delivery, bar.begin.pid, bar.begin.at_ms, bar.end_ms) == (1, PUSHER, 3.0, 60_003.0)
    (bar,) = bars("locked", queued(), picked(), acknowledged())
    assert bar.end_ms == 4.0


def test_a_row_is_deleted_once_however_often_its_task_is_acknowledged() -> None:
    first, second = bars("locked", queued(), picked(lock_s=0.001), picked(delivery=2), acknowledged(), acknowledged())
    assert (first.end_ms, second.end_ms) == (4.0, 5.0)


def test_a_row_waits_again_from_the_end_of_its_lock_to_its_next_delivery_or_its_deletion() -> None:
    _, again = bars("waiting", queued(), picked(lock_s=0.001), started(), finished())
    assert (again.delivery, again.begin.at_ms, again.end_ms) == (1, 4.0, None)
    _, again = bars("waiting", queued(), picked(lock_s=0.001), started(), picked(delivery=2))
    assert (again.begin.at_ms, again.end_ms) == (4.0, 5.0)
    _, again = bars("waiting", queued(), picked(lock_s=0.001), started(), finished(), acknowledged())
    assert again.end_ms == 6.0
    (waiting,) = bars("waiting", queued(), picked(lock_s=60))
    assert waiting.delivery is None


def test_a_lock_ends_when_its_row_is_taken_again() -> None:
    first, second = bars("locked", queued(), picked(lock_s=60), picked(delivery=2, lock_s=60))
    assert (first.end_ms, second.end_ms) == (4.0, 60_004.0)


def test_an_execution_has_no_end_while_it_goes_on() -> None:
    (bar,) = bars("execution", queued(), picked(), started())
    assert (bar.delivery, bar.begin.pid, bar.begin.at_ms, bar.end_ms) == (1, WORKER, 4.0, None)
    (bar,) = bars("execution", queued(), picked(), started(), finished())
    assert (bar.end_ms, bar.success) == (5.0, True)


def test_an_execution_whose_function_has_returned_says_so_until_its_result_is_known() -> None:
    delivered = [queued(), picked(), started()]
    found = [bars("execution", *delivered, *later) for later in ([], [returned()], [returned(), finished()])]
    assert [(bar.returned_ms, bar.end_ms) for (bar,) in found] == [(None, None), (5.0, None), (5.0, 6.0)]


def test_an_execution_whose_worker_died_has_an_end_and_no_result() -> None:
    (bar,) = bars("execution", queued(), picked(), started(), died(WORKER))
    assert (bar.end_ms, bar.success) == (5.0, None)


def test_an_execution_that_ends_with_its_worker_says_so() -> None:
    (bar,) = bars("execution", queued(), picked(), started(), died(WORKER))
    assert (bar.died, bar.place) == (True, ("worker", WORKER))
    (bar,) = bars("execution", queued(), picked(), started(), finished(success=False))
    assert (bar.died, bar.success) == (False, False)


def test_a_result_is_on_its_way_from_the_worker_until_the_monitor_has_stored_it() -> None:
    assert bars("storing", queued(), picked(), started(), finished()) == []
    (bar,) = bars("storing", queued(), picked(), started(), finished(), stored())
    assert not bar.dropped
    assert (bar.place, bar.begin.at_ms, bar.end_ms) == (("monitor", MONITOR), 5.0, 6.0)


def test_a_result_is_with_the_monitor_from_its_end_on_once_there_is_a_monitor() -> None:
    monitor = event("spawned", "monitor")
    life = [monitor, queued(), picked(), started(), finished()]
    (bar,) = bars("storing", *life)
    assert (bar.place.pid, bar.begin.at_ms, bar.end_ms) == (MONITOR, 6.0, None)
    assert bars("storing", *life, died(MONITOR, "monitor")) == []


def test_a_failure_after_a_success_is_with_nobody_as_nothing_tells_what_becomes_of_it() -> None:
    first = [queued(), picked(), started(), picked(delivery=2), by(83, started(delivery=2)), finished(), stored()]
    (bar,) = bars("storing", *first, by(83, finished(delivery=2, success=False)))
    assert bar.delivery == 1


def test_a_result_of_which_nothing_is_stored_is_dropped() -> None:
    first = [queued(), picked(), started(), picked(delivery=2), by(83, started(delivery=2)), finished(), stored()]
    again = [by(83, finished(delivery=2)), acknowledged(delivery=2)]
    found = bars("storing", *first, acknowledged(), *again)
    assert [(bar.delivery, bar.dropped) for bar in found] == [(1, False), (2, True)]


def test_a_task_row_is_there_from_its_save_until_the_next_one_or_its_deletion() -> None:
    life = (queued(), picked(), started(), finished(), stored(success=False))
    (bar,) = bars("stored", *life)
    assert (bar.place, bar.success, bar.begin.at_ms, bar.end_ms) == (("Task", 0), False, 6.0, None)
    first, second = bars("stored", *life, stored(), deleted())
    assert (first.end_ms, second.begin.at_ms, second.success, second.end_ms) == (7.0, 7.0, True, 8.0)


def test_a_program_runs_until_its_end_or_pauses_in_one_line() -> None:
    (bar,) = bars("program", queued(), picked())
    assert (bar.place, bar.begin.at_ms, bar.end_ms) == (("caller", CALLER), 2.0, None)
    (bar,) = bars("program", queued(), event("program_ended", "caller"))
    assert bar.end_ms == 3.0
    assert bars("paused", queued(), *[event("printed", "worker", text="")] * 18) == []
    (bar,) = bars("paused", queued(), *[event("printed", "worker", text="")] * 19)
    assert (bar.begin.at_ms, bar.end_ms) == (2.0, None)


def test_a_wait_at_a_gate_lasts_until_its_process_goes_on() -> None:
    reached, passed = gate("worker", task="t1")
    life = [queued(), picked(), started(), reached]
    (bar,) = bars("paused", *life)
    assert (bar.at_gate, bar.place.pid, bar.task_label) == (True, WORKER, "charge")
    assert (bar.begin.at_ms, bar.end_ms) == (5.0, None)
    (bar,) = bars("paused", *life, passed)
    assert bar.end_ms == 6.0
    assert bars("paused", *life, died(WORKER)) == []


def test_a_program_that_waits_at_a_gate_doesnt_run() -> None:
    reached, passed = gate("caller")
    life = (queued(), reached, picked(), passed)
    assert [(bar.begin.at_ms, bar.end_ms) for bar in bars("program", *life)] == [(2, 3), (5, None)]
    assert [(bar.begin.at_ms, bar.end_ms, bar.at_gate) for bar in bars("paused", *life)] == [(3, 5, True)]


def test_a_table_of_the_lesson_has_a_bar_for_each_number_of_rows() -> None:
    seen = [{"OrmQ": table(), "Task": table(), "Mail": table(*range(count))} for count in (0, 2, 1)]
    first, second = bars("rows", *[event("printed", "caller", text="", rows=each) for each in seen])
    assert (first.place, first.count, first.end_ms) == (("Mail", 0), 2, 4.0)
    assert (second.count, second.end_ms) == (1, None)


def test_arrows_are_hand_overs_that_were_seen_at_both_ends() -> None:
    life = [asked(), queued(), picked(), started(), finished(), stored(), acknowledged()]
    trace = trace_of([*life, event("printed", "caller", text="", read=[["t1", 1]]), IDLE])
    arrows = timeline_at(trace, len(trace.steps)).arrows
    assert [
        (each.kind, each.source.name, each.sent.at_ms, each.target.name, each.received.at_ms) for each in arrows
    ] == [
        ("queue", "caller", 2.0, "OrmQ", 2.0),
        ("give", "OrmQ", 3.0, "worker", 4.0),
        ("result", "worker", 5.0, "monitor", 6.0),
        ("store", "monitor", 6.0, "Task", 6.0),
        ("read", "Task", 6.0, "caller", 8.0),
    ]
    assert [each.kind for each in timeline_at(trace, 2).arrows] == ["queue", "give"]


def test_lanes_are_what_steps_have_named_so_far_in_order_of_appearance() -> None:
    trace = trace_of(events_of_first_lesson())
    names = [[place.name for place in timeline_at(trace, step.number).lanes] for step in trace.steps]
    assert names[0] == ["caller", "OrmQ"]
    assert names[1] == ["caller", "OrmQ", "worker"]
    assert names[-1] == ["caller", "OrmQ", "worker", "monitor", "Task"]


def test_workers_are_in_the_order_of_their_letters_whichever_was_named_first() -> None:
    ready = event("printed", "worker", text="ready")
    life = [queued("t1"), queued("t2"), ready, picked("t1"), by(83, started("t1")), picked("t2"), started("t2")]
    trace = trace_of([asked(), *life])
    lanes = [[place.pid for place in timeline_at(trace, at).lanes if place.name == "worker"] for at in (3, 4)]
    assert lanes == [[83], [73, 83]]


def test_there_is_nothing_at_the_start() -> None:
    timeline = timeline_at(trace_of(events_of_first_lesson()), 0)
    assert (timeline.processes, timeline.lanes, timeline.bars, timeline.arrows) == ((), (), (), ())


def test_a_lane_lasts_from_the_first_event_of_its_process_to_the_last_one_so_far() -> None:
    trace = trace_of(events_of_first_lesson())
    (caller,) = [each for each in timeline_at(trace, 1).processes if each.role == "caller"]
    assert caller.first_ms < caller.last_ms == trace.steps[0].at_ms
    assert [each.label for each in timeline_at(trace, 2).processes if each.role == "worker"] == ["worker A"]


def test_no_timeline_shows_what_came_after_its_step() -> None:
    events = events_of_first_lesson()
    whole = trace_of(events)
    assert len(whole.steps) == 6
    for step in whole.steps:
        so_far = trace_of(events[: step.event_number])
        assert timeline_at(so_far, step.number) == timeline_at(whole, step.number)


@given(RUNS)
@example(numbered([queued("t1"), of_first_edition(picked("t1"))]))
@example(numbered([uncommitted("t1"), picked("t1", lock_s=0), started("t1")]))
def test_a_timeline_since_a_step_has_the_same_lanes_and_all_that_came_later(events: list[MadeUpEvent]) -> None:
    trace = trace_of([*events, IDLE])
    position = len(trace.steps)
    for step in trace.steps:
        whole, late = timeline_at(trace, position), timeline_at(trace, position, step.event_number)
        assert late.lanes == whole.lanes
        assert [each for each in whole.arrows if each.received.number >= step.event_number] == list(late.arrows)
        alone = [bar for bar in late.bars if not bar.count]
        assert set(alone) <= set(whole.bars)
        ended = [bar for bar in whole.bars if bar not in alone and bar.end_ms is not None and bar.kind != "locked"]
        assert all(bar.end_ms <= step.at_ms for bar in ended)
        assert rows_now(late.bars) == rows_now(whole.bars)


def rows_now(bars: Sequence[Bar]) -> Counter[tuple[str, bool | None]]:
    """Return how many rows wait and are stored at the end."""
    counts: Counter[tuple[str, bool | None]] = Counter()
    for bar in bars:
        if bar.kind in ("waiting", "stored") and bar.end_ms is None:
            counts[bar.kind, bar.success] += bar.count or 1
    return counts
