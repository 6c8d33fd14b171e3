from __future__ import annotations

from tests.snapshots import table
from tests.trace.events import asked, event, events_of_first_lesson, trace_of
from tests.trace.life import idle, picked, queued
from tutor.styles.drawing.table_lines import LinedTable, lined_tables
from tutor.trace.timeline import timeline_at


def row(task: str, *, delivered: bool = False) -> dict[str, object]:
    return {"id": task, "task": task, "name": "charge", "func": "shop.charge", "delivered": delivered}


def queue_of(*rows: dict[str, object], most: int = 4) -> LinedTable:
    """Return the queue at the last of two steps, after which it has these rows."""
    seen = {"OrmQ": {**table(), "count": len(rows), "rows": list(rows)}, "Task": table()}
    trace = trace_of([asked(), queued(), picked(), event("printed", "caller", text="", rows=seen), idle()])
    position = len(trace.steps)
    return lined_tables(trace, position, timeline_at(trace, position), {"charge": "C"}, most)[0]


def test_a_row_of_the_queue_says_for_how_long_it_is_locked() -> None:
    waiting, locked = queue_of(row("t2"), row("t1", delivered=True)).lines
    assert (waiting.look, waiting.cells[-1], waiting.changed) == ("waiting", "waiting", True)
    assert (locked.look, locked.tag, locked.cells[-1]) == ("locked", "C", "locked until 60\N{NO-BREAK SPACE}001 ms")


def test_a_result_says_how_it_ended() -> None:
    trace = trace_of(events_of_first_lesson())
    _, results = lined_tables(trace, 3, timeline_at(trace, 3), {}, 4)
    (result,) = results.lines
    assert (result.look, result.changed, result.cells[2]) == ("stored", True, "Success -1.0")
    assert (results.before, results.count_changed, results.more) == (0, True, 0)


def test_of_many_rows_those_that_changed_are_shown_and_the_others_counted() -> None:
    found = queue_of(*(row(f"t{number}") for number in range(1, 7)), most=2)
    assert (len(found.lines), found.more) == (2, 4)
