"""The tables of a run's databases, step by step, from the snapshots in its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tutor.protocol import row_changes
from tutor.protocol.row_changes import Snapshot

from .model import RecordedEvent, Table


@dataclass(slots=True)
class CompletedEvent:
    """An event whose payload has a snapshot in full."""

    number: int
    kind: str
    lane: str
    pid: int
    at: int
    payload: dict[str, Any]


class Tables:
    """The tables after the events added so far."""

    def __init__(self) -> None:
        self.snapshot: Snapshot = {}
        """The last one; the next one may be stored as changes to it."""
        self.by_name: dict[str, Table] = {}

    def add(self, event: RecordedEvent) -> RecordedEvent:
        """Add the next event. Return it with its snapshot in full, as the process saw it."""
        if "rows" not in event.payload:
            return event
        if (stored := event.payload["rows"]) is None:
            self.see(event, dict.fromkeys(self.by_name))
            return event
        self.snapshot = row_changes.apply(self.snapshot, stored)
        self.see(event, self.snapshot)
        payload = {**event.payload, "rows": self.snapshot}
        return CompletedEvent(event.number, event.kind, event.lane, event.pid, event.at, payload)

    def see(self, event: RecordedEvent, snapshot: Snapshot) -> None:
        for name, table in snapshot.items():
            if table is not None:
                self.by_name[name] = Table(name, table["count"], tuple(table["rows"]), event.lane, event.pid)
            elif name in self.by_name:
                self.by_name[name] = replace(self.by_name[name], unread=True)

    def since(self, before: Mapping[str, Table]) -> dict[str, Table]:
        """Return name → table, each marked with what has changed since it was as in `before`."""
        return {name: marked(table, before.get(name)) for name, table in self.by_name.items()}


def marked(table: Table, before: Table | None) -> Table:
    """Return `table` with the marks of what differs from `before`; a table that nobody had seen counts as empty."""
    rows_before = {row["id"]: row for row in before.rows} if before else {}
    changed_rows = frozenset(row["id"] for row in table.rows if rows_before.get(row["id"]) != row)
    changed = (
        bool(changed_rows) or len(table.rows) != len(rows_before) or table.count != (before.count if before else 0)
    )
    return replace(table, changed=changed, changed_rows=changed_rows)
