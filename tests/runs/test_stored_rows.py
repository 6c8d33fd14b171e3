"""Snapshots of several processes, stored as changes and read again by the trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.snapshots import SNAPSHOTS, table
from tests.trace.events import MadeUpEvent
from tutor.runs import stored_rows
from tutor.runs.stored_rows import StoredRows
from tutor.trace.tables import Tables

LOOKS = st.just({}) | st.fixed_dictionaries({"rows": st.none() | SNAPSHOTS})
"""Payloads of processes that didn't look, couldn't look, or saw something."""


def stored(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`payloads` as a database has them."""
    rows = StoredRows()
    return [json.loads(json.dumps(rows.stored(each))) for each in payloads]


def read(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Payloads as the rules of a lesson see them, when each is stored as in `payloads`."""
    tables = Tables()
    return [tables.add(MadeUpEvent("line", "caller", each)).payload for each in payloads]


@given(st.lists(LOOKS, max_size=20), st.integers(1, 5))
def test_every_process_is_shown_with_exactly_what_it_saw(payloads: list[dict[str, Any]], full: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_rows, "SNAPSHOTS_PER_FULL_ONE", full)
        assert read(stored(payloads)) == payloads


def test_not_looked_and_could_not_look_and_unchanged_differ() -> None:
    snapshot = {"OrmQ": table(1), "Task": table()}
    looks = [{"rows": snapshot}, {"rows": snapshot}, {}, {"rows": None}, {"rows": snapshot}]
    unchanged = {"rows": {"changes": {}}}
    assert stored(looks) == [{"rows": snapshot}, unchanged, {}, {"rows": None}, unchanged]


def test_a_snapshot_is_stored_in_full_now_and_then() -> None:
    snapshot = {"OrmQ": table(1), "Task": table()}
    every = stored_rows.SNAPSHOTS_PER_FULL_ONE + 1
    full = [each["rows"] == snapshot for each in stored([{"rows": snapshot}] * (2 * every + 1))]
    assert [number for number, is_full in enumerate(full) if is_full] == [0, every, 2 * every]


def test_the_rows_of_a_run_stored_before_there_were_changes_are_read_as_they_are() -> None:
    old = [{"rows": {"OrmQ": table(*range(queued)), "Task": table()}} for queued in (1, 0, 3)]
    assert read(old) == old
