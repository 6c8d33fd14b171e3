from __future__ import annotations

from dataclasses import replace

from tests.styles.drawing.timelines import steps_at
from tutor.styles.drawing.tracker import BESIDE, TrackerCell, lines_of, tracker_rows
from tutor.trace.model import NOT_YET, Variable

DERIVED = Variable("task_status", "task_status", "derived", ("None", "Pending", "Pending", "Success"))
PROGRAM = Variable("result", "result", "program", (NOT_YET, NOT_YET, "1", "1"))


def cells(variable: Variable, position: int) -> list[TrackerCell]:
    (row,) = tracker_rows([variable], range(1, position + 1))
    return list(row.cells)


def test_a_row_goes_from_the_start_to_the_step_and_not_beyond() -> None:
    assert [cell.value for cell in cells(DERIVED, 2)] == ["None", "Pending", "Pending"]
    assert [cell.value for cell in cells(DERIVED, 0)] == ["None"]


def test_a_cell_is_marked_where_the_value_changes() -> None:
    assert [cell.changed for cell in cells(DERIVED, 3)] == [False, True, False, True]


def test_a_name_that_the_program_does_not_have_yet_is_unset() -> None:
    assert [cell.unset for cell in cells(PROGRAM, 3)] == [True, True, False, False]
    assert not any(cell.unset for cell in cells(DERIVED, 3))


def test_steps_can_be_left_out() -> None:
    (row,) = tracker_rows([DERIVED], [2, 3])
    assert [(cell.value, cell.changed) for cell in row.cells] == [
        ("None", False),
        ("Pending", False),
        ("Success", True),
    ]


def test_more_than_eight_steps_have_a_line_each_after_the_start() -> None:
    steps = steps_at(*map(float, range(1, BESIDE + 2)))
    many = replace(DERIVED, values=tuple(str(number) for number in range(len(steps) + 1)))
    rows = tracker_rows([many], [step.number for step in steps])
    assert lines_of(rows, steps[:-1]) == ()
    lines = lines_of(rows, steps)
    assert [line.step.number if line.step else 0 for line in lines] == list(range(len(steps) + 1))
    assert [cell.value for line in lines for cell in line.cells] == list(many.values)
