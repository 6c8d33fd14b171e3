from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.snapshots import SNAPSHOTS, row, table
from tests.trace.events import MadeUpEvent, event
from tutor.trace.tables import Tables

NO_TASKS = {"Task": table()}


def looked(lane: str = "caller", **tables: Any) -> MadeUpEvent:
    return event("line", lane, rows={"OrmQ": table(), **NO_TASKS, **tables})


def after(*events: MadeUpEvent) -> Tables:
    tables = Tables()
    for each in events:
        tables.add(each)
    return tables


def marks(before: MadeUpEvent, now: MadeUpEvent, name: str = "OrmQ") -> tuple[bool, list[int]]:
    """Whether a table is marked as changed at a step, and which of its rows."""
    tables = after(before)
    then = tables.since({})
    tables.add(now)
    table = tables.since(then)[name]
    return table.changed, sorted(table.changed_rows)


def test_a_table_is_as_the_last_process_that_looked_saw_it() -> None:
    tables = after(looked(OrmQ=table(1, 2)), looked("worker", OrmQ=table(2)), event("printed", "caller"))
    seen = tables.since({})["OrmQ"]
    assert (seen.count, seen.rows, seen.process, seen.pid) == (1, (row(2),), "worker", 73)


def test_only_rows_that_are_new_or_differ_are_marked() -> None:
    assert marks(looked(OrmQ=table(1, 2)), looked(OrmQ=table(1, 2))) == (False, [])
    assert marks(looked(OrmQ=table(1, 2)), looked(OrmQ=table(2, 3))) == (True, [3])
    changed = {"count": 2, "rows": [row(1), row(2, delivered=True)]}
    assert marks(looked(OrmQ=table(1, 2)), looked(OrmQ=changed)) == (True, [2])


def test_a_table_is_marked_when_a_row_goes_or_when_only_its_number_of_rows_changes() -> None:
    assert marks(looked(OrmQ=table(1, 2)), looked(OrmQ=table(2))) == (True, [])
    assert marks(looked(OrmQ=table(1, count=50)), looked(OrmQ=table(1, count=49))) == (True, [])


def test_a_table_that_is_first_seen_empty_is_not_marked() -> None:
    first = after(looked(OrmQ=table(1))).since({})
    assert (first["OrmQ"].changed, first["OrmQ"].changed_rows) == (True, {1})
    assert (first["Task"].changed, first["Task"].changed_rows) == (False, frozenset())


@given(SNAPSHOTS, SNAPSHOTS)
def test_marks_are_what_differs_between_two_steps(one: Any, other: Any) -> None:
    tables = after(event("line", "caller", rows=one))
    before = tables.since({})
    tables.add(event("line", "worker", rows=other))
    for name, seen in tables.since(before).items():
        rows = before[name].rows if name in before else ()
        assert seen.changed_rows == {each["id"] for each in seen.rows if each not in rows}
        count = before[name].count if name in before else 0
        assert seen.changed == (bool(seen.changed_rows) or seen.count != count)


def test_a_table_that_the_last_process_could_not_read_is_shown_as_it_was_and_says_so() -> None:
    blind = event("line", "worker", rows=None)
    seen = after(looked(OrmQ=table(1)), blind).since({})["OrmQ"]
    assert (seen.count, seen.process, seen.unread) == (1, "caller", True)
    assert after(looked(OrmQ=table(1)), blind, looked()).since({})["OrmQ"].unread is False
    seen = after(looked(Order=table(1)), looked("worker", Order=None)).since({})["Order"]
    assert (seen.count, seen.process, seen.unread) == (1, "caller", True)


@given(st.integers(0, 99))
def test_a_table_says_how_many_of_its_rows_are_not_shown(count: int) -> None:
    shown = table(*range(min(count, 10)), count=count)
    assert after(looked(OrmQ=shown)).since({})["OrmQ"].cut == count - len(shown["rows"])


def in_transaction(*numbers: int) -> dict[str, Any]:
    return table(*numbers, table="shop_order", database="default", in_transaction=True)


def test_a_table_of_the_lessons_own_is_shown_with_the_connection_that_saw_it() -> None:
    seen = after(looked(Order=in_transaction(1))).since({})["Order"]
    assert (seen.table, seen.database, seen.in_transaction) == ("shop_order", "default", True)
    assert (seen.process, seen.pid, seen.others) == ("caller", 71, ())


def test_what_another_process_sees_inside_its_transaction_stays_beside_what_the_last_one_saw() -> None:
    tables = after(looked(Order=in_transaction(1)), looked("worker", Order=table()))
    seen = tables.since({})["Order"]
    assert (seen.count, seen.process) == (0, "worker")
    assert [(other.process, other.count, other.rows) for other in seen.others] == [("caller", 1, (row(1),))]
    tables.add(looked("monitor", Order=table(1)))
    assert tables.since({})["Order"].others == ()  # They see the same again.


def test_what_a_process_saw_inside_a_transaction_goes_with_the_transaction_or_with_the_process() -> None:
    begun = looked(Order=in_transaction(1))
    over = (
        looked(Order=table()),
        looked(Order=None),
        event("line", "caller", rows=None),
        event("died", "lab", process="caller", died_pid=71, signal="SIGKILL", exitcode=None),
    )
    for each in over:
        assert after(begun, each, looked("worker", Order=table())).since({})["Order"].others == ()


def test_the_tables_of_an_old_run_have_their_names_in_the_database() -> None:
    assert [each.table for each in after(looked()).since({}).values()] == ["django_q_ormq", "django_q_task"]
