"""The stored form of snapshots: as changes to the run's snapshot before, with a full one now and then.

A snapshot is table → {"count": …, "rows": [row, …], …}, or None for a table that couldn't be read. Each row has an
"id" of its own. `rows` in the payload of a stored event has one of four forms:

- a snapshot: the process saw exactly this;
- {"changes": {table: change}}: it saw the previous snapshot of the run with these changes, {} if nothing changed;
- None: it couldn't look;
- missing: it didn't look.

A change is a table as in a snapshot, or {"gone": [id, …], "set": [[index, row], …], …} without "rows": rows that are
gone, then new rows by their place, and the changed fields of other rows; both can be missing. Further keys, such as
"count", are the table's own fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Table = Mapping[str, Any]
Snapshot = Mapping[str, Table | None]
Stored = Mapping[str, Any]

CHANGES = "changes"
"""The only key of changes. No snapshot consists of a table with this name alone."""


def change(before: Snapshot, after: Snapshot) -> Stored | None:
    """Return `after` as changes to `before`; None if it can only be stored as a whole, because a table is missing."""
    if not before.keys() <= after.keys():
        return None
    changed = {name: table for name, table in after.items() if name not in before or before[name] != table}
    return {CHANGES: {name: table_change(before.get(name), table) for name, table in changed.items()}}


def apply(before: Snapshot, stored: Stored) -> Snapshot:
    """Return the snapshot that `stored` stands for, where `before` is the one before it; the inverse of `change`."""
    if stored.keys() != {CHANGES}:
        return stored
    changed = {name: changed_table(before.get(name), each) for name, each in stored[CHANGES].items()}
    return {**before, **changed}


def table_change(before: Table | None, after: Table | None) -> Table | None:
    """Return the change from `before` to `after`, or `after` itself where no change leads to it."""
    if before is None or after is None:
        return after
    old, new = rows_by_id(before), rows_by_id(after)
    if len(old) < len(before["rows"]) or len(new) < len(after["rows"]):
        return after  # Ids that were truncated can be the same.
    places = [
        [index, changed_fields(old.get(row["id"]), row)]
        for index, row in enumerate(after["rows"])
        if row != old.get(row["id"])
    ]
    described = {name: value for name, value in after.items() if name != "rows" and before.get(name) != value}
    if gone := [row for row in old if row not in new]:
        described["gone"] = gone
    if places:
        described["set"] = places
    # It can't describe rows that change places, or fields that go.
    return described if changed_table(before, described) == after else after


def changed_fields(before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the id and the changed fields of `row`; the whole row if it is new."""
    if before is None:
        return row
    return {name: value for name, value in row.items() if name == "id" or before.get(name) != value}


def changed_table(before: Table | None, described: Table | None) -> Table | None:
    """Return the table that `described`, a change, stands for."""
    if before is None or described is None or "rows" in described:
        return described
    fields = dict(described)
    gone, places = fields.pop("gone", ()), fields.pop("set", ())
    old = rows_by_id(before)
    rows = [row for row in before["rows"] if row["id"] not in gone]
    for index, row in places:
        if row["id"] in old:
            rows[index] = {**old[row["id"]], **row}
        else:
            rows.insert(index, row)
    return {**before, **fields, "rows": rows}


def rows_by_id(table: Table) -> dict[Any, Mapping[str, Any]]:
    return {row["id"]: row for row in table["rows"]}
