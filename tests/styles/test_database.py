"""The part that shows the tables: what is there, what is left out, and who saw it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from django.template.loader import render_to_string

from tutor.trace.state import Table, TraceState

WAITING = [
    {"id": number, "task": "1f", "name": f"mail {number}", "func": "shop.mail", "delivered": number == 1}
    for number in range(1, 11)
]
QUEUE = Table("OrmQ", 60, tuple(WAITING), "worker", 73, "django_q_ormq", "default")
ORDERS = Table("Order", 0, (), "worker", 73, "shop_order", "default")


def shown(*tables: Table) -> str:
    """The part's text, without tags."""
    state = TraceState(tables={table.name: table for table in tables})
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html(state)).split()))


def html(state: TraceState) -> str:
    return render_to_string("styles/parts/database.html", {"state": state})


def test_a_long_table_says_how_many_of_its_rows_are_left_out() -> None:
    text = shown(QUEUE)
    assert "django_q_ormq 60 rows id 1 · mail 1 · shop.mail · delivered, not acknowledged id 2 · mail 2" in text
    assert text.endswith("id 10 · mail 10 · shop.mail · waiting … and 50 more")
    assert "more" not in shown(replace(QUEUE, count=10))


def test_an_own_table_is_shown_with_its_columns_and_with_who_saw_it() -> None:
    orders = replace(ORDERS, count=1, rows=({"id": 7, "customer": "'Ada'"},), in_transaction=True)
    text = shown(QUEUE, orders)
    assert text.count("Seen by the worker, process 73") == 1
    assert text.endswith("shop_order 1 row inside its transaction id 7 · customer 'Ada'")
    assert "Seen by the caller, process 71" in shown(QUEUE, replace(orders, process="caller", pid=71))


def test_what_another_process_sees_inside_its_transaction_is_beside_it() -> None:
    uncommitted = replace(ORDERS, count=1, rows=({"id": 7},), process="caller", pid=71, in_transaction=True)
    text = shown(replace(ORDERS, others=(uncommitted,)))
    assert "shop_order 0 rows The caller, process 71, sees 1 row inside its transaction id 7" in text


def test_a_table_that_could_not_be_read_and_one_in_another_database_say_so() -> None:
    assert "0 rows as it was before: couldn’t be read at this step" in shown(replace(ORDERS, unread=True))
    assert "60 rows database queue" in shown(replace(QUEUE, database="queue"))


def test_only_the_rows_that_changed_are_marked() -> None:
    marked = html(TraceState(tables={"OrmQ": replace(QUEUE, changed=True, changed_rows=frozenset({2}))}))
    rows = re.findall(r'<p id="[^"]*" class="database__row([^"]*)">', marked)
    assert [name.strip() for name in rows] == ["", "database__row--changed", *[""] * 8, "database__cut"]


def test_a_step_before_anybody_looked_says_what_will_be_here() -> None:
    assert shown().endswith("appear here, as they are at each step.")
