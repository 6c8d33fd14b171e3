"""The lanes in the execution table, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hypothesis import given

from tests.styles.drawing.timelines import bar, steps_at, timeline
from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import by, picked, queued, started, stored
from tutor.styles.drawing.lane_hands import apart
from tutor.styles.drawing.lane_marks import Cell, Hand, Segment, look_of
from tutor.styles.drawing.lane_places import lane_of
from tutor.styles.drawing.lane_rows import LaneRows, draw_lane_rows
from tutor.styles.drawing.row_places import RowPlaces
from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Point
from tutor.trace.model import Step, Trace
from tutor.trace.timeline import Arrow, Timeline, timeline_at

IDLE = event("idle", "lab", waiting=0)
A, B = Place("worker", 73), Place("worker", 83)


def drawn(trace: Trace, position: int) -> LaneRows:
    return table_of(timeline_at(trace, position), trace.steps[:position])


def table_of(line: Timeline, steps: Sequence[Step], tags: Mapping[str, str] | None = None) -> LaneRows:
    """Return the table in which each step has a row."""
    return draw_lane_rows(line, [(step,) for step in steps], tags or {})


def rows(*bars: Bar, at: Sequence[float], lanes: Iterable[Place] = ()) -> list[Cell]:
    """Return the rows and gaps of steps at those milliseconds, the last of which is now."""
    places = tuple(dict.fromkeys(each.place for each in bars)) or tuple(lanes)
    line = timeline(*bars, now_ms=at[-1], lanes=places)
    return [row.cell for row in table_of(line, steps_at(*at)).rows]


def spans(cells: Sequence[Cell], place: Place) -> list[list[tuple[float, float]]]:
    """Return the heights of the segments of a lane in each row."""
    return [[(each.y0, each.y1) for each in cell.segments if place in each.lane.places] for cell in cells]


@given(RUNS)
def test_above_and_below_the_middle_of_a_row_is_what_lasted_before_and_after_its_event(
    events: list[MadeUpEvent],
) -> None:
    trace = trace_of([*events, IDLE])
    for position in range(1, len(trace.steps) + 1):
        line, table = timeline_at(trace, position), drawn(trace, position)
        banded = {place for row in table.rows for band in row.cell.bands for place in band.lane.places}
        bars = [each for each in line.bars if each.place in line.lanes and each.place not in banded]
        for row in table.rows:
            if row.gap_ms is None:
                at = row.step.at_ms
                before = [each for each in bars if each.begin.at_ms < at <= last(each)]
                after = [each for each in bars if each.begin.at_ms <= at < last(each)]
                assert {each for each in sorts(row.cell, 0.25) if each[0] not in banded} == set(map(sort, before))
                assert {each for each in sorts(row.cell, 0.75) if each[0] not in banded} == set(map(sort, after))


def last(each: Bar) -> float:
    return float("inf") if each.end_ms is None else each.end_ms


def sort(each: Bar) -> tuple[Place, str, str]:
    return each.place, look_of(each), each.task_label


def sorts(cell: Cell, y: float) -> set[tuple[Place, str, str]]:
    """Return what the segments of a row show at a height."""
    found = [each for each in cell.segments if each.y0 < y < each.y1]
    return {(each.lane.places[0], "execution" if each.look == "unnoticed" else each.look, each.task) for each in found}


@given(RUNS)
def test_executions_overlap_in_the_rows_as_they_do_in_the_events(events: list[MadeUpEvent]) -> None:
    trace = trace_of([*events, IDLE])
    position = len(trace.steps)
    line, table = timeline_at(trace, position), drawn(trace, position)
    banded = {place for row in table.rows for band in row.cell.bands for place in band.lane.places}
    executions = [each for each in line.bars if each.kind == "execution" and each.place not in banded]
    for one in executions:
        for other in executions:
            if one.place != other.place and one.task_label != other.task_label:
                both = max(one.begin.at_ms, other.begin.at_ms) < min(last(one), last(other))
                if both:
                    assert overlap(table, one, other)


def overlap(table: LaneRows, one: Bar, other: Bar) -> bool:
    for row in table.rows:
        first = [each for each in row.cell.segments if is_of(each, one)]
        second = [each for each in row.cell.segments if is_of(each, other)]
        if any(max(x.y0, y.y0) < min(x.y1, y.y1) for x in first for y in second):
            return True
    return False


def is_of(segment: Segment, each: Bar) -> bool:
    return (
        segment.look in ("execution", "unnoticed")
        and segment.task == each.task_label
        and each.place in segment.lane.places
    )


def test_what_begins_with_a_row_begins_in_its_middle_and_goes_on_to_the_bottom() -> None:
    assert spans(rows(bar("execution", 10, None), at=[5, 10, 15]), A) == [[], [(0.5, 1)], [(0, 1)]]
    assert spans(rows(bar("execution", 5, 15), at=[5, 10, 15]), A) == [[(0.5, 1)], [(0, 1)], [(0, 0.5)]]


def test_a_change_between_two_rows_makes_a_gap_in_which_height_is_time() -> None:
    assert spans(rows(bar("execution", 5, 12.5), at=[5, 10, 20]), A) == [[(0.5, 1)], [(0, 1)], [(0, 0.25)], []]


@given(RUNS)
def test_what_begins_or_ends_between_two_rows_does_so_in_a_gap_that_says_what_happens(
    events: list[MadeUpEvent],
) -> None:
    trace = trace_of([*events, IDLE])
    line, steps = timeline_at(trace, len(trace.steps)), trace.steps
    places = RowPlaces(line, [(step,) for step in steps])
    gaps = {places.cell_of[group] + 1: facts for group, facts in places.gaps.items()}
    for each in (each for each in line.bars if each.kind not in ("program", "paused")):
        ends = [] if each.end_ms is None or each.end_ms > line.now_ms else [each.end_ms]
        for at in (each.begin.at_ms, *ends):
            if at > steps[0].at_ms and at not in (step.at_ms for step in steps):
                assert gaps.get(places.spot(at).cell), (each, at)


def test_a_long_time_is_a_gap_though_nothing_happens_in_it() -> None:
    found = table_of(timeline(bar("execution", 0, None), now_ms=400, lanes=(A,)), steps_at(0, 400)).rows
    assert [(row.gap_ms, row.is_long, row.facts) for row in found[1:2]] == [(400, True, ())]


def test_a_lock_that_holds_goes_on_to_the_bottom_of_the_current_row() -> None:
    assert spans(rows(bar("locked", 5, 9000), at=[5, 10]), Place("OrmQ"))[-1] == [(0, 1)]


def test_an_arrow_leads_from_one_lane_to_the_bar_that_it_begins() -> None:
    trace = trace_of([asked(), queued(), picked(), started()])
    cell = drawn(trace, len(trace.steps)).rows[-1].cell
    (arrow,) = [each for each in cell.hands if each.to is not None]
    (execution,) = [each for each in cell.segments if each.look == "execution"]
    assert (arrow.lane.name, arrow.y, arrow.to) == ("OrmQ", 0.5, execution.x)


def test_a_tag_stands_where_a_bar_begins_with_its_delivery_or_its_failure() -> None:
    life = [
        asked(),
        queued(),
        picked(),
        started(),
        stored(success=False),
        picked(delivery=2),
        by(83, started(delivery=2)),
    ]
    trace = trace_of(life)
    table = table_of(timeline_at(trace, len(trace.steps)), trace.steps, {"charge": "C"})
    assert [(tag.lane.name, tag.text) for row in table.rows for tag in row.cell.tags] == [
        ("OrmQ", "C"),
        ("A", "C"),
        ("Task", "C!"),
        ("B", "C×2"),
    ]


def test_bars_lie_beside_each_other_up_to_four_and_more_are_a_band_with_their_number() -> None:
    queue = [bar("waiting", 1, None, task=f"t{n}", task_label=f"t{n}", number=n) for n in range(1, 7)]
    four = rows(*queue[:4], at=[5, 10])[-1]
    assert len({each.x for each in four.segments}) == 4
    assert four.bands == []
    (band,) = rows(*queue, at=[5, 10])[-1].bands
    assert (band.total, band.counts) == (6, (("waiting", 0.75),))


def test_a_band_is_as_wide_as_its_number_and_the_task_of_the_step_is_a_line_in_it() -> None:
    queue = [bar("waiting", 1, 7 if n < 4 else None, task=f"t{n}", task_label=f"t{n}") for n in range(1, 7)]
    line = timeline(*queue, now_ms=10, lanes=(Place("OrmQ"),))
    steps = steps_at(5, 7, 10)
    first, _, last_row = table_of(line, [*steps[:2], replace(steps[2], task="t5")]).rows
    assert [sum(share for _, share in band.counts) for band in (first.cell.bands[-1], last_row.cell.bands[-1])] == [
        0.75,
        0.375,
    ]
    assert {(each.task, each.is_own) for each in last_row.cell.segments} == {("t5", True)}


def test_an_execution_ends_at_its_kill_and_the_time_until_that_was_noticed_looks_different() -> None:
    died = bar("execution", 1, 9, died=True)
    trace = trace_of([asked(), queued(), picked(), started()])
    process = next(each for each in trace.processes if each.role == "worker")
    killed = replace(process, killed=Point(2, "worker", 73, 5.0), died_ms=9.0)
    line = Timeline(0, 10, (killed,), (A,), (died,))
    looks = [[each.look for each in row.cell.segments] for row in table_of(line, steps_at(1, 5, 9, 10)).rows]
    assert looks == [["execution"], ["execution", "unnoticed", "death"], ["unnoticed"], []]


def test_a_ninth_lane_is_drawn_with_the_eighth_as_others() -> None:
    many = [bar("execution", 1, None, place=Place("worker", pid)) for pid in range(1, 11)]
    table = table_of(timeline(*many, now_ms=5, lanes=tuple(each.place for each in many)), steps_at(1, 5))
    assert len(table.lanes) == 8
    assert table.lanes[-1].name == "others"
    assert len(table.lanes[-1].places) == 3


def test_an_arrow_is_lower_than_an_opposite_one_that_it_would_cover() -> None:
    lane = lane_of(A, None)
    left, right = Hand(lane, 0.5, 0.5, 0.1), Hand(lane, 0.3, 0.5, 0.7)
    assert [hand.y for hand in apart([left, right])] == [0.5, 0.7]
    assert {hand.to: hand.y for hand in apart([left, replace(right, is_tagged=True)])} == {0.7: 0.5, 0.1: 0.7}
    assert [hand.y for hand in apart([left, replace(right, x=0.6)])] == [0.5, 0.5]
    assert [hand.y for hand in apart([right, right])] == [0.5, 0.5]


def test_many_arrows_in_one_gap_are_left_out() -> None:
    arrows = tuple(
        Arrow("give", f"t{n}", f"t{n}", 1, A, Point(n, "x", 1, n), place, Point(n, "x", 1, n))
        for n, place in ((2, B), (3, Place("OrmQ")), (4, Place("Task")), (5, Place("Order")))
    )
    line = timeline(
        bar("execution", 1.5, 9), now_ms=10, lanes=(A, B, Place("OrmQ"), Place("Task"), Place("Order")), arrows=arrows
    )
    assert [len(row.cell.hands) for row in table_of(line, steps_at(1, 10)).rows] == [0, 0, 0]
