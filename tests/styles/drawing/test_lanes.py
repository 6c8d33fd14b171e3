from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tutor.styles.drawing.lanes import LEAST, draw_lanes
from tutor.trace.model import Step
from tutor.trace.state import TraceState

ROLES = st.sampled_from([("caller", 20), ("worker", 21), ("monitor", 22), ("worker", 23)])
TIMES = st.lists(st.tuples(ROLES, st.floats(0, 30_000)), min_size=1, max_size=12)


def steps(made: list[tuple[tuple[str, int], float]]) -> list[Step]:
    texts = dict.fromkeys((each.name for each in fields(Step) if each.type == "str"), "")
    in_order = sorted(made, key=lambda each: each[1])
    return [
        Step(
            number=number,
            event_number=number,
            pid=pid,
            at_ms=at,
            payload={},
            state=TraceState(),
            token=None,
            **{**texts, "process": role},
        )
        for number, ((role, pid), at) in enumerate(in_order, 1)
    ]


def test_without_steps_there_are_no_lanes() -> None:
    assert draw_lanes([]).lanes == ()


@given(TIMES)
def test_each_process_has_one_lane_with_its_steps(made: list[tuple[tuple[str, int], float]]) -> None:
    drawn = draw_lanes(steps(made))
    assert {(lane.role, lane.pid) for lane in drawn.lanes} == {process for process, _ in made}
    assert len(drawn.lanes) == len({process for process, _ in made})
    assert sorted(number for lane in drawn.lanes for number in lane.steps) == list(range(1, len(made) + 1))


@given(TIMES)
def test_a_later_mark_is_further_right_and_marks_never_touch(made: list[tuple[tuple[str, int], float]]) -> None:
    marks = draw_lanes(steps(made)).marks
    assert all(other.x - one.x >= LEAST - 0.1 for one, other in pairwise(marks))


@given(TIMES)
def test_a_mark_does_not_move_when_more_steps_follow(made: list[tuple[tuple[str, int], float]]) -> None:
    all_of_them = steps(made)
    before, after = draw_lanes(all_of_them[:-1]).marks, draw_lanes(all_of_them).marks
    assert [(mark.x, mark.y) for mark in before] == [(mark.x, mark.y) for mark in after[:-1]]


@given(TIMES, st.data())
def test_a_mark_does_not_move_when_the_first_steps_are_not_drawn(
    made: list[tuple[tuple[str, int], float]], data: st.DataObject
) -> None:
    all_of_them = steps(made)
    hidden = data.draw(st.integers(0, len(made) - 1))
    whole, drawn = draw_lanes(all_of_them), draw_lanes(all_of_them[hidden:], all_of_them[:hidden])
    assert [mark.x for mark in drawn.marks] == [mark.x for mark in whole.marks[hidden:]]
    assert drawn.left == round(drawn.marks[0].x - whole.marks[0].x, 1)
    assert [lane.pid for lane in drawn.lanes] == [
        lane.pid for lane in whole.lanes if lane.pid in {step.pid for step in all_of_them[hidden:]}
    ]


@given(st.integers(1, 9999))
def test_a_mark_has_room_for_its_number_and_none_reaches_the_next(number: int) -> None:
    (mark,) = draw_lanes([replace(*steps([(("caller", 20), 1.0)]), number=number)]).marks
    assert 7 * len(str(number)) < mark.width < LEAST
    assert mark.half == mark.width / 2
