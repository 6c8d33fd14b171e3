from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.styles.drawing.timelines import PLACES, bar, timeline
from tests.styles.long_run import long_trace
from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, trace_of
from tests.trace.life import acknowledged, by, died, finished, gate, picked, queued, started, stored
from tutor.styles.drawing.lane_places import SLOTS
from tutor.styles.drawing.time_axis import Axis
from tutor.styles.drawing.timeline_bands import stretches
from tutor.styles.drawing.timeline_drawing import (
    FEW,
    MOST,
    PAGE,
    QUEUEING,
    WHOLE,
    Drawing,
    axis_of,
    draw_timeline,
    first_step,
)
from tutor.styles.drawing.timeline_labels import now_svg
from tutor.styles.drawing.timeline_lanes import Mark, MarkedLane, marked_lanes
from tutor.styles.drawing.timeline_rows import table_rows
from tutor.styles.drawing.timeline_signs import spread
from tutor.styles.drawing.timeline_svg import flags_svg, over_svg, zoomed_svg
from tutor.trace.bars import Bar, Place
from tutor.trace.timeline import Timeline

NOW = 5000.0
KINDS = st.sampled_from(["waiting", "locked", "execution", "storing", "stored", "program", "paused", "rows"])


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    kind = draw(KINDS)
    begin = draw(st.floats(0, NOW))
    end = draw(st.none() | st.floats(begin, 2 * NOW))
    place = draw(st.sampled_from([Place("worker", 73), Place("worker", 75)])) if kind == "execution" else PLACES[kind]
    task = draw(st.sampled_from(["t1", "t2", "t3"]))
    return bar(kind, begin, end, place=place, task=task, task_label=task)


@st.composite
def timelines(draw: st.DrawFn, most: int = 12) -> Timeline:
    found = sorted(draw(st.lists(bars(), min_size=1, max_size=most)), key=lambda each: each.begin.at_ms)
    return timeline(*found, now_ms=NOW, lanes=tuple(dict.fromkeys(each.place for each in found)))


def drawing(*events: MadeUpEvent) -> Drawing:
    """Return the drawing at the last step. The first event is at 1 ms, the next at 2 ms, and so on."""
    trace = trace_of([asked(), *events, event("idle", "lab", waiting=0)])
    return draw_timeline(trace, len(trace.steps))


def lanes_of(made: Timeline, axis: Axis, task: str = "") -> tuple[MarkedLane, ...]:
    return marked_lanes(made, axis, 2 * MOST, task)


def marks(found: Drawing, kind: str) -> list[Mark]:
    return [mark for lane in found.lanes for mark in lane.marks if mark.bars[0].kind == kind]


def cells(found: Drawing, what: str) -> list[str]:
    """Return the cells of the row of the table that has this in its second cell."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html) for _, html in table_rows(found)]
    (row,) = [row for row in rows if row[1] == what]
    return row


@given(timelines())
def test_every_bar_is_inside_the_clock_and_has_one_mark_unless_it_is_in_a_band(made: Timeline) -> None:
    lanes = lanes_of(made, axis_of(made, ()))
    in_bands = {place for lane in lanes if lane.band for place in lane.lane.places}
    one_by_one = [each for each in made.bars if each.place not in in_bands]
    found = [mark for lane in lanes for mark in (*lane.earlier, *lane.marks)]
    assert sorted(map(id, one_by_one)) == sorted(id(each) for mark in found for each in mark.bars)
    assert all(0 <= mark.x <= mark.end <= 1 for mark in found)


@given(timelines())
def test_bars_overlap_on_the_clock_exactly_as_they_do_in_time(made: Timeline) -> None:
    found = [mark for lane in lanes_of(made, Axis(0.0, NOW)) for mark in lane.marks if len(mark.bars) == 1]
    for one in found:
        for other in found:
            ends = [NOW if each.bars[0].end_ms is None else min(NOW, each.bars[0].end_ms) for each in (one, other)]
            in_time = max(0.0, min(ends) - max(one.begin_ms, other.begin_ms))
            on_clock = max(0.0, min(one.end, other.end) - max(one.x, other.x))
            assert abs(on_clock * NOW - in_time) < 1e-6


@given(timelines())
def test_bars_of_one_slot_never_overlap_unless_they_are_about_one_row(made: Timeline) -> None:
    for lane in lanes_of(made, axis_of(made, ())):
        assert lane.slots <= SLOTS
        for index, one in enumerate(lane.marks):
            for other in lane.marks[index + 1 :]:
                if one.slot == other.slot and one.bars[0].task != other.bars[0].task:
                    assert one.until_ms <= other.begin_ms or other.until_ms <= one.begin_ms


@given(timelines())
def test_no_fold_contains_a_beginning_or_an_end_once_a_task_is_taken(made: Timeline) -> None:
    taken = min((each.begin.at_ms for each in made.bars if each.kind not in QUEUEING), default=NOW)
    times = [at for each in made.bars for at in (each.begin.at_ms, each.end_ms) if at is not None and at >= taken]
    for fold in axis_of(made, ()).folds:
        assert not [at for at in times if fold.begin_ms < at < fold.end_ms]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.001, 0.2))
def test_flags_keep_their_order_and_distance_and_stay_inside(places: list[float], gap: float) -> None:
    found = spread(sorted(places), gap)
    gap = min(gap, 1 / max(1, len(places) - 1))
    assert all(0 <= place <= 1 for place in found)
    assert all(other - one >= gap - 1e-9 for one, other in pairwise(found))


def test_a_long_quiet_start_is_folded_though_the_program_queues_tasks_in_it() -> None:
    queueing = [bar("waiting", 100.0 * number, None, task=f"t{number}") for number in range(1, 9)]
    made = timeline(bar("program", 0.0, 950.0), *queueing, bar("execution", 1000.0, None), now_ms=1100.0)
    (fold,) = axis_of(made, [100.0]).folds
    assert (fold.begin_ms, fold.end_ms) == (160.0, 940.0)


def test_a_row_that_begins_at_the_step_is_right_of_the_cursor_with_its_name() -> None:
    trace = trace_of([asked(), queued(), picked(), started(), finished(), stored()])
    found = now_svg(draw_timeline(trace, len(trace.steps)))
    assert found.count("bar--stored") == 1
    assert ">charge<" in found


def test_earlier_steps_share_one_flag() -> None:
    found = draw_timeline(long_trace(), 3000)
    assert found.earlier_steps + len(found.flags) == 3000
    assert 'data-steps="2992"' in flags_svg(found, "?step=")


def test_a_line_leads_from_the_first_of_the_earlier_steps_to_the_last() -> None:
    trace = long_trace()
    found = draw_timeline(trace, 40)
    first, last = trace.steps[0], trace.steps[found.earlier_steps - 1]
    begin, end = (f"{found.axis.fraction(step.at_ms) * 100:.5g}%" for step in (first, last))
    assert f'<line class="flag__range" x1="{begin}" x2="{end}"' in flags_svg(found, "?step=")


def test_many_rows_at_once_are_a_band_with_their_number() -> None:
    waiting = [bar("waiting", float(number), 500.0 + number, task=f"t{number}") for number in range(1, SLOTS + 3)]
    made = timeline(*waiting, now_ms=1000.0, lanes=(Place("OrmQ"),))
    (lane,) = lanes_of(made, Axis(0.0, 1000.0), task="t3")
    assert (lane.highest, [mark.bars[0].task for mark in lane.marks]) == (SLOTS + 2, ["t3"])


def test_a_row_counts_once_in_a_band_and_as_locked_while_it_is() -> None:
    row = [bar("waiting", 100.0, 200.0, task="t1"), bar("locked", 200.0, 900.0, task="t1", delivery=1)]
    found = stretches([*row, bar("waiting", 400.0, None, task="t2")], Axis(0.0, 1000.0))
    assert [(each.begin_ms, each.end_ms, each.count, each.locked) for each in found] == [
        (100.0, 200.0, 1, 0),
        (200.0, 400.0, 1, 1),
        (400.0, 900.0, 2, 1),
        (900.0, 1000.0, 1, 0),
    ]


def test_bars_of_tasks_at_rest_count_with_their_number() -> None:
    (found,) = stretches([bar("stored", 100.0, None, count=7)], Axis(0.0, 1000.0))
    assert (found.begin_ms, found.end_ms, found.count) == (100.0, 1000.0, 7)


def test_the_bar_of_a_killed_worker_ends_at_its_kill_with_dots_to_when_that_was_noticed() -> None:
    killed = event("intervened", "worker", action="kill", event="started", count=1)
    found = drawing(queued(), picked(), started(), killed, died(73))
    (mark,) = marks(found, "execution")
    (sign,) = [sign for sign in found.signs if sign.kind == "death"]
    assert cells(found, "charge, delivery 1: runs")[2:] == ["+2.0", "+3.0", "1.0 ms", "died; noticed at +4.0"]
    assert (sign.at, sign.unknown) == (3.0, (mark.end, found.axis.fraction(found.axis.zero_ms + 4.0)))
    assert "noticed at +4.0" in sign.text


def test_a_death_at_an_unknown_time_says_so() -> None:
    found = drawing(queued(), picked(), started(), died(73))
    (sign,) = [sign for sign in found.signs if sign.kind == "death"]
    assert "nobody knows when: last heard of at +2.0" in sign.text
    assert cells(found, "charge, delivery 1: runs")[3:] == ["unknown", "0.0 ms", "died; noticed at +3.0"]


def test_an_execution_says_how_much_longer_than_its_lock_it_takes() -> None:
    found = drawing(queued(), picked(lock_s=0.001), started(), finished(), stored(), acknowledged())
    assert cells(found, "charge, delivery 1: runs")[-1] == "returned; 1.0 ms longer than its lock"
    assert cells(found, "charge, delivery 1: is locked")[-1] == "set by pusher for 1.0 ms; over at +2.0"


def test_a_lock_is_drawn_to_now_though_its_end_is_known() -> None:
    found = drawing(queued(), picked(lock_s=60))
    (lock,) = marks(found, "locked")
    assert (lock.until_ms, lock.end) == (found.axis.now_ms, 1.0)
    assert states(found)["OrmQ"] == "1 row, locked until +60\u202f001.0"


def test_each_lane_says_what_it_does_at_the_step() -> None:
    trace = trace_of(events_of_first_lesson())
    texts = [states(draw_timeline(trace, step.number)) for step in trace.steps]
    assert texts[0]["OrmQ"] == "1 row"
    assert texts[1]["worker A"].startswith("runs ")
    assert texts[-1]["Task"] == "1 row, 1 success"
    assert texts[-1]["worker A"].startswith("free since +")


def test_an_arrow_has_the_colour_of_the_lane_from_which_it_comes() -> None:
    life = [queued(lane="monitor"), picked(), started(), by(83, started("t2")), by(83, finished("t2")), stored("t2")]
    found = drawing(*life)
    looks = {lane.lane.label: lane.lane.look for lane in found.lanes}
    assert looks["worker B"] == "worker-b"
    assert {each.arrow.kind: each.look for each in found.arrows} == {
        "queue": looks["monitor"],
        "give": looks["OrmQ"],
        "result": looks["worker B"],
        "store": looks["monitor"],
    }


def test_the_arrow_of_a_result_ends_where_the_bar_of_its_receiver_begins() -> None:
    found = drawing(queued(), picked(), started(), finished(), stored())
    (arrow,) = (each for each in found.arrows if each.arrow.kind == "result")
    (mark,) = marks(found, "storing")
    assert (arrow.x1, arrow.x2) == (mark.x, mark.x)


def test_a_monitor_that_has_a_result_is_not_free() -> None:
    first = [queued(), picked(), started(), finished(), stored(), acknowledged()]
    again = [queued("t2"), picked("t2"), started("t2"), finished("t2")]
    texts = states(drawing(*first, *again))
    assert texts["monitor"].startswith("has the result of charge #2, delivery 1, since +")


def test_a_wait_at_a_gate_is_a_mark_over_the_execution_whose_name_is_beside_it() -> None:
    reached, passed = gate("worker", task="t1")
    rest = [event("printed", "monitor", text="")] * 4
    life = [queued(), picked(), started(), reached]
    held = drawing(*life, *rest)
    assert states(held)["worker A"] == "waits at a gate since +3.0"
    assert ">at a gate</text>" in over_svg(held)
    found = drawing(*life, passed, *rest)
    (mark,), (wait,) = marks(found, "execution"), marks(found, "paused")
    assert mark.slot == wait.slot
    assert mark.begin_ms < wait.begin_ms < wait.until_ms < mark.until_ms
    (name,) = re.findall(r'data-to="100"[^>]* x="([\d.]+)%"[^>]*>charge, delivery 1<', over_svg(found))
    assert float(name) == pytest.approx(100 * wait.end, abs=0.01)


def states(found: Drawing) -> dict[str, str]:
    return {lane.lane.label: state for lane, state in zip(found.lanes, found.states, strict=True)}


def test_nothing_of_later_steps_is_drawn() -> None:
    events = events_of_first_lesson()
    whole = trace_of(events)
    for step in whole.steps:
        early, late = (
            draw_timeline(trace_of(events[: step.event_number]), step.number),
            draw_timeline(whole, step.number),
        )
        assert replace(early, writer=late.writer) == late
        assert list(table_rows(early)) == list(table_rows(late))


def test_the_drawing_of_a_long_run_is_bounded() -> None:
    found = draw_timeline(long_trace(), 3000)
    assert sum(len(lane.marks) for lane in found.lanes) <= 2 * FEW + len(found.lanes) * SLOTS
    assert len(found.arrows) == FEW
    assert len(found.flags) == FEW
    assert found.joined > 20
    assert found.arrows_left_out > 50
    assert len(zoomed_svg(found)) + len(over_svg(found)) < 6000
    (queue,) = [lane for lane in found.lanes if lane.lane.of_table == "OrmQ"]
    assert queue.highest == 1000


def test_the_window_of_a_long_run_stays_the_same_for_many_steps() -> None:
    assert {first_step(position) for position in range(1, WHOLE + 1)} == {0}
    assert {first_step(position) for position in range(WHOLE + 1, WHOLE + PAGE + 1)} == {PAGE}
    assert draw_timeline(long_trace(), WHOLE).is_whole
    found = draw_timeline(long_trace(), WHOLE + 1)
    assert not found.is_whole
    assert found.axis.folds[0].begin_ms == found.axis.zero_ms


def test_overlapping_executions_are_measured() -> None:
    first = [queued("t1"), queued("t2"), picked("t1"), picked("t2"), started("t1")]
    second = [replace(each, pid=75) for each in (started("t2"), finished("t2"))]
    found = drawing(*first, *second, finished("t1"))
    assert found.measure is not None
    assert (found.measure.begin, found.measure.end, found.measure.says) == (5.0, 6.0, "both are at work for")
