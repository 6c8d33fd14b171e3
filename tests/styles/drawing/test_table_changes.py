"""What changed in the tables with the steps of a row, and in the gaps between rows."""

from __future__ import annotations

from tests.snapshots import table
from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, trace_of
from tests.trace.life import acknowledged, deleted, finished, picked, queued, started, stored
from tutor.styles.drawing.execution_table import draw_execution_table
from tutor.trace.timeline import timeline_at


def changes(*events: MadeUpEvent) -> list[tuple[bool, str]]:
    """Return (whether it is in a gap, text) for each change that the table says."""
    trace = trace_of([asked(), *events])
    line = timeline_at(trace, len(trace.steps))
    rows = draw_execution_table(trace, line, [(step,) for step in trace.steps], {}).rows
    return [(bool(row.length), change) for row in rows for change in row.changes]


def looked(queue: int, results: int = 0, **more: object) -> MadeUpEvent:
    """Return the event of a step, with the numbers of the rows that its process saw."""
    seen = {"OrmQ": table(count=queue), "Task": table(count=results), **more}
    return event("idle", "lab", waiting=queue, rows=seen)


def test_a_step_says_how_it_changed_the_numbers_of_rows() -> None:
    assert changes(*events_of_first_lesson()[1:])[:2] == [(False, "OrmQ 0 → 1"), (False, "Task 0 → 1")]


def test_the_number_of_rows_of_a_lessons_table_is_said_to_be_one_as_it_could_be_a_value() -> None:
    steps = [looked(0, Chair=table(count=number)) for number in (0, 1, 3)]
    assert changes(*steps) == [(False, "Chair 0 → 1 row"), (False, "Chair 1 → 3 rows")]


def test_a_row_that_goes_between_two_steps_is_told_in_the_gap() -> None:
    life = [queued(), looked(1), picked(), started(), finished(), stored(), looked(1, 1), acknowledged(), looked(0, 1)]
    assert (True, "OrmQ 1 → 0") in changes(*life)
    assert (False, "OrmQ 1 → 0") not in changes(*life)


def test_a_result_that_goes_between_two_steps_is_told_in_the_gap() -> None:
    life = [queued(), picked(), started(), finished(), stored(), looked(0, 1), deleted(), looked(0, 0)]
    assert changes(*life)[-1] == (True, "Task 1 → 0")


def test_a_row_whose_lock_is_newer_than_at_the_step_before_is_said_to_be_locked_again() -> None:
    life = [queued(), picked(lock_s=0.001), started(), looked(1), picked(delivery=2), looked(1)]
    assert changes(*life)[-1] == (True, "OrmQ locked again")


def test_no_more_has_changed_in_a_gap_than_is_different_after_the_step() -> None:
    life = [queued(), picked(), started(), finished(), stored(), looked(0, 1), acknowledged(), looked(0, 1)]
    assert not [text for in_gap, text in changes(*life) if in_gap and text.startswith("OrmQ 0")]
