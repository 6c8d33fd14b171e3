from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.snapshots import SNAPSHOTS, row, table
from tutor.protocol.row_changes import apply, change


@given(SNAPSHOTS, SNAPSHOTS)
def test_changes_applied_to_the_snapshot_before_give_the_snapshot(before: Any, after: Any) -> None:
    changes = change(before, after)
    assert apply(before, after if changes is None else json.loads(json.dumps(changes))) == after


@given(SNAPSHOTS)
def test_a_snapshot_is_never_taken_for_changes(snapshot: Any) -> None:
    assert apply({"OrmQ": table(1)}, snapshot) == snapshot


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (table(1, 2), table(1, 2), {}),
        (table(1), table(1, 2), {"OrmQ": {"count": 2, "set": [[1, row(2)]]}}),
        (table(1, 2), table(2), {"OrmQ": {"count": 1, "gone": [1]}}),
        (
            {"count": 1, "rows": [row(1, delivered=False)]},
            {"count": 1, "rows": [row(1, delivered=True)]},
            {"OrmQ": {"set": [[0, {"id": 1, "delivered": True}]]}},
        ),
        (table(1, 2, count=50), table(2, 3, count=49), {"OrmQ": {"count": 49, "gone": [1], "set": [[1, row(3)]]}}),
        (table(1), table(1, in_transaction=True), {"OrmQ": {"in_transaction": True}}),
        (table(1, 2), table(2, 1), {"OrmQ": table(2, 1)}),
        (table(1), table(1, 1), {"OrmQ": table(1, 1)}),
        (table(1, 1), table(1), {"OrmQ": table(1)}),
        (table(1), None, {"OrmQ": None}),
        (None, table(1), {"OrmQ": table(1)}),
    ],
)
def test_only_what_differs_is_stored(before: Any, after: Any, expected: Any) -> None:
    task = table(7)
    assert change({"OrmQ": before, "Task": task}, {"OrmQ": after, "Task": task}) == {"changes": expected}


def test_a_snapshot_with_a_table_less_is_stored_as_a_whole() -> None:
    assert change({"OrmQ": table(), "Order": table(1)}, {"OrmQ": table()}) is None
