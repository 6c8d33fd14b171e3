from __future__ import annotations

from dataclasses import replace

from tests.styles.drawing.timelines import bar, steps_at, timeline
from tutor.lessons.format.steps import FoldRule
from tutor.styles.drawing.execution_table import draw_execution_table
from tutor.styles.drawing.lane_rows import draw_lane_rows
from tutor.trace.bars import Place
from tutor.trace.model import Trace

FOLD = FoldRule(steps=("stored",), text="{count} mails are stored")


def test_a_row_of_several_steps_says_what_happens_in_all_of_them() -> None:
    steps = [
        replace(each, id="stored", status="Success", task_label=label)
        for each, label in zip(steps_at(10, 20, 30, 40), ("mail 1", "mail 2", "mail 1", "mail 3"), strict=True)
    ]
    table = draw_execution_table(Trace(tuple(steps)), timeline(now_ms=40), [steps[:3], steps[3:]], {}, (FOLD,))
    shared, current = table.rows
    assert shared.folded is not None
    assert (shared.folded.first.number, shared.step.number, shared.folded.count) == (1, 3, 3)
    assert (shared.folded.text, shared.folded.same_status) == ("3 mails are stored", True)
    assert shared.folded.tasks == "mail 1\nmail 2"
    assert (current.folded, current.is_now) == (None, True)


def test_inside_a_row_of_several_steps_height_is_time() -> None:
    steps = steps_at(0, 10, 20, 40)
    line = timeline(bar("execution", 10, 15), now_ms=40, lanes=(Place("worker", 73),))
    shared, _ = draw_lane_rows(line, [steps[:3], steps[3:]], {}).rows
    assert [(each.y0, each.y1) for each in shared.cell.segments] == [(0.5, 0.7)]


def test_what_changes_between_a_row_of_several_steps_and_the_next_one_is_in_a_gap() -> None:
    steps = steps_at(0, 10, 20, 40)
    line = timeline(bar("execution", 10, 25), now_ms=40, lanes=(Place("worker", 73),))
    shared, gap, current = draw_lane_rows(line, [steps[:3], steps[3:]], {}).rows
    assert [row.gap_ms for row in (shared, gap, current)] == [None, 20, None]
    assert [[(each.y0, each.y1) for each in row.cell.segments] for row in (shared, gap, current)] == [
        [(0.5, 1)],
        [(0, 0.25)],
        [],
    ]
