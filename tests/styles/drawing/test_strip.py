from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given

from tests.styles.drawing.timelines import bar, steps_at, timeline
from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import picked, queued, started
from tutor.styles.drawing.strip import APART, ARROWS, CLOCK, HEIGHT, Strip, draw_strip
from tutor.styles.drawing.strip_bars import LEAST
from tutor.styles.drawing.strip_svg import strip_svg
from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Point, Process
from tutor.trace.timeline import timeline_at

IDLE = event("idle", "lab", waiting=0)
A, B = Place("worker", 73), Place("worker", 83)


def strip(*bars: Bar, at: list[float]) -> Strip:
    places = tuple(dict.fromkeys(each.place for each in bars))
    return draw_strip(timeline(*bars, now_ms=at[-1], lanes=places), steps_at(*at), {"charge": "C"})


def test_two_executions_overlap_by_the_time_that_they_did() -> None:
    drawn = strip(bar("execution", 0, 60), bar("execution", 40, 100, place=B), at=[0, 40, 60, 100])
    (one,), (other,) = (lane.bars for lane in drawn.lanes)
    assert one.x + one.width - other.x == pytest.approx(0.2)


@given(RUNS)
def test_every_bar_is_on_the_clock_where_it_was(events: list[MadeUpEvent]) -> None:
    trace = trace_of([*events, IDLE])
    position = len(trace.steps)
    line = timeline_at(trace, position)
    drawn = draw_strip(line, trace.steps, {})
    for lane in drawn.lanes:
        for each in lane.bars:
            if each.bar:
                end = line.now_ms if each.bar.end_ms is None else min(each.bar.end_ms, line.now_ms)
                assert each.x == pytest.approx(min(drawn.axis.fraction(each.bar.begin.at_ms), 1 - LEAST), abs=1e-4)
                assert each.width == pytest.approx(max(LEAST, drawn.axis.fraction(end) - each.x), abs=1e-4)
    assert drawn.marks[-1].x == pytest.approx(1, abs=1e-4)
    assert drawn.height <= HEIGHT
    assert float(drawn.whole_height) <= HEIGHT + CLOCK


def test_bars_have_slots_and_many_are_columns_that_follow_their_number() -> None:
    queue = [bar("waiting", 10 * number, None, task=f"t{number}", task_label=f"t{number}") for number in range(9)]
    (lane,) = strip(*queue[:3], at=[0, 100]).lanes
    assert len({each.y for each in lane.bars}) == 3
    (lane,) = strip(*queue, at=[0, 100]).lanes
    heights = [each.height for each in lane.bars]
    assert heights == sorted(heights)
    assert heights[-1] == pytest.approx(lane.height - 2)


def test_many_bars_that_begin_now_are_a_column() -> None:
    (lane,) = strip(*(bar("waiting", 100, None, task=f"t{number}") for number in range(9)), at=[0, 100]).lanes
    assert [(each.look, each.x) for each in lane.bars] == [("waiting", 0.99)]


def test_of_bars_that_are_too_short_to_see_the_one_that_goes_on_now_is_drawn() -> None:
    short = [bar("waiting", 99.98, 99.99), bar("locked", 99.99, 99.995), bar("waiting", 99.995, None)]
    (lane,) = strip(*short, at=[0, 100]).lanes
    assert [each.bar for each in lane.bars] == [short[0], short[2]]


def test_a_bar_ends_at_the_kill_and_what_follows_until_that_was_noticed_looks_different() -> None:
    at = Point(2, "worker", 73, 40.0)
    process = Process("worker", 73, "A", replace(at, at_ms=0.0), at, killed=at)
    line = timeline(bar("execution", 0, 80, died=True), now_ms=100, lanes=(A,), processes=(process,))
    (lane,) = draw_strip(line, steps_at(0, 100), {}).lanes
    assert [(each.look, each.x, each.width) for each in lane.bars] == [("execution", 0, 0.4), ("unnoticed", 0.4, 0.4)]


def test_what_goes_on_now_is_said_beside_the_lane() -> None:
    running = strip(
        bar("program", 0, 50),
        bar("paused", 50, None),
        bar("locked", 10, 9000, task_label="charge"),
        bar("execution", 20, None, task_label="charge", delivery=2),
        at=[0, 100],
    )
    assert [lane.now for lane in running.lanes] == ["waits", "1 row, locked", "runs C×2"]
    over = bar("execution", 20, None, task_label="charge", delivery=2, returned_ms=90)
    assert [lane.now for lane in strip(over, at=[0, 100]).lanes] == ["has run C×2"]


def test_a_wait_at_a_gate_is_drawn_over_the_execution_that_it_holds_up() -> None:
    running = bar("execution", 20, None, task_label="charge")
    waiting = bar("paused", 40, None, place=A, task_label="charge", at_gate=True)
    (lane,) = strip(running, waiting, at=[0, 100]).lanes
    assert [(each.look, each.x, each.y) for each in lane.bars] == [("execution", 0.2, 0), ("held", 0.4, 0)]
    assert lane.now == "waits at a gate"


def test_the_steps_before_the_table_are_folded() -> None:
    later = steps_at(0, 4000, 9000)[1:]
    drawn = draw_strip(timeline(bar("execution", 0, None), now_ms=9000, lanes=(A,)), later, {})
    assert [(fold.x, fold.label) for fold in drawn.folds] == [(0, "3\N{NO-BREAK SPACE}990 ms folded")]


def test_the_marks_of_steps_that_are_close_together_are_spread() -> None:
    marks = strip(bar("execution", 0, None), at=[0, 0.1, 50, 50.1, 99.9, 100]).marks
    assert all(other.x - one.x >= APART - 1e-4 for one, other in pairwise(marks))
    assert [mark.at for mark in marks] == [0, 0.001, 0.5, 0.501, 0.999, 1]
    assert (marks[0].x, marks[-1].x) == (0, 1)


def test_the_picture_has_a_mark_for_each_step_and_the_letters_of_tasks() -> None:
    drawn = strip(bar("execution", 0, 60, task_label="charge"), at=[0, 60, 100])
    svg = strip_svg(drawn)
    assert [svg.count(f'data-of-step="{number}"') for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert ">C</text>" in svg


def test_a_letter_is_in_the_picture_as_a_whole_or_left_out() -> None:
    def letters(end: float) -> list[str]:
        own = bar("execution", 0, end, task_label="mail 12")
        made = timeline(own, bar("program", 0, None), now_ms=1000, lanes=(A,))
        return re.findall(r'class="(strip__[\w ]+)"[^>]*>12<', strip_svg(draw_strip(made, [], {"mail 12": "12"})))

    assert [letters(end) for end in (10, 40, 400)] == [[], ["strip__in strip__tight"], ["strip__in"]]


def test_the_length_of_a_fold_is_below_the_lanes_and_no_other_time_is_there() -> None:
    drawn = draw_strip(timeline(bar("execution", 0, None), now_ms=9000, lanes=(A,)), steps_at(0, 4000, 9000)[1:], {})
    svg = strip_svg(drawn)
    places = {text: float(y) for y, text in re.findall(r'y="([\d.]+)">([^<]+)</text>', svg)}
    assert places["3\N{NO-BREAK SPACE}990 ms folded"] > drawn.height
    assert "0" not in places


def test_a_program_at_its_end_is_said_to_be_there() -> None:
    made = timeline(bar("program", 0, None), now_ms=100, lanes=(Place("caller", 70),))
    (lane,) = draw_strip(made, [], {}, {Place("caller", 70)}).lanes
    assert lane.now == "at its end"


def test_a_hand_over_to_a_worker_is_an_arrow_from_when_the_row_was_taken_to_when_its_task_began() -> None:
    trace = trace_of([asked(), queued(), picked(), event("printed", "monitor", text=""), started(), IDLE])
    drawn = draw_strip(timeline_at(trace, len(trace.steps)), trace.steps, {})
    (arrow,) = drawn.arrows
    assert (arrow.x1, arrow.x2) == (drawn.axis.fraction(3), drawn.axis.fraction(5))
    assert drawn.lanes[1].y < arrow.y1 < drawn.lanes[2].y < arrow.y2
    assert strip_svg(drawn).count('class="arrow') == 1


def test_only_the_last_hand_overs_have_an_arrow() -> None:
    life = [(queued(f"t{number}"), picked(f"t{number}"), started(f"t{number}")) for number in range(ARROWS + 3)]
    trace = trace_of([asked(), *(each for one in life for each in one), IDLE])
    arrows = draw_strip(timeline_at(trace, len(trace.steps)), trace.steps, {}).arrows
    assert len(arrows) == ARROWS
    assert arrows[-1].arrow.task == f"t{ARROWS + 2}"


def test_the_letter_of_a_task_is_where_no_wait_at_a_gate_covers_it() -> None:
    running = bar("execution", 0, 100, task_label="charge")
    waiting = bar("paused", 1, 50, place=A, task_label="charge", at_gate=True)
    assert '<text class="strip__in" x="50%"' in strip_svg(strip(running, waiting, at=[0, 100]))
