"""The part that shows the tables: what is there, what is left out, and who saw it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from django.template.loader import render_to_string

from tutor.styles.drawing.table_lines import LinedTable, TableLines
from tutor.trace.model import Trace
from tutor.trace.state import Table
from tutor.trace.timeline import Timeline

WAITING = [
    {"id": number, "task": f"{number}f", "name": f"mail {number}", "func": "shop.mail", "delivered": number == 1}
    for number in range(1, 11)
]
QUEUE = Table("OrmQ", 60, tuple(WAITING), "worker", 73, "django_q_ormq", "default")
ORDERS = Table("Order", 0, (), "worker", 73, "shop_order", "default")


def lined(table: Table) -> LinedTable:
    return TableLines(Trace(), "", Timeline(), {"mail 1": "1", "mail 2": "2"}, 4).lined(table, table.count)


def html(*tables: Table) -> str:
    return render_to_string("styles/parts/database.html", {"tables": [lined(table) for table in tables]})


def shown(*tables: Table) -> str:
    """The part's text, without tags."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html(*tables)).split()))


def test_a_long_table_says_how_many_of_its_rows_are_left_out() -> None:
    text = shown(QUEUE)
    assert "django_q_ormq 60 rows seen by the worker 1 mail 1 1f… locked 2 mail 2 2f… waiting" in text
    assert text.endswith("… and 56 more")
    assert "more" not in shown(replace(QUEUE, count=2, rows=QUEUE.rows[:2]))


def test_an_own_table_is_shown_with_its_columns_and_with_who_saw_it() -> None:
    orders = replace(ORDERS, count=1, rows=({"id": 7, "customer": "'Ada'"},), in_transaction=True)
    text = shown(QUEUE, orders)
    assert text.endswith("shop_order 1 row seen by the worker, inside its transaction id 7 customer 'Ada'")
    assert "seen by the caller" in shown(QUEUE, replace(orders, process="caller", pid=71))


def test_what_another_process_sees_inside_its_transaction_is_beside_it() -> None:
    uncommitted = replace(ORDERS, count=1, rows=({"id": 7},), process="caller", pid=71, in_transaction=True)
    text = shown(replace(ORDERS, others=(uncommitted,)))
    assert "shop_order 0 rows seen by the worker The caller, process 71, sees 1 row inside its transaction id 7" in text


def test_a_table_that_could_not_be_read_and_one_in_another_database_say_so() -> None:
    assert "as it was before: couldn’t be read at this step" in shown(replace(ORDERS, unread=True))
    assert "60 rows database queue" in shown(replace(QUEUE, database="queue"))


def test_only_the_rows_that_changed_are_marked_and_they_are_among_those_that_are_shown() -> None:
    marked = html(replace(QUEUE, changed=True, changed_rows=frozenset({9})))
    rows = re.findall(r'<p class="database__row([^"]*)"', marked)
    assert [name.strip() for name in rows] == ["", "", "", "database__row--changed", "database__cut"]


def test_a_step_before_anybody_looked_says_what_will_be_here() -> None:
    assert shown().endswith("appear here, as they are at each step.")
