"""The tables of a run's databases, step by step, from the snapshots in its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tutor.protocol import row_changes
from tutor.protocol.events import KINDS
from tutor.protocol.row_changes import Snapshot

from .histories import Count, Write
from .model import CompletedEvent, RecordedEvent, point_of
from .state import Table

DJANGO_Q = {"OrmQ": "django_q_ormq", "Task": "django_q_task"}
"""Name → table in the database, for runs that don't record it."""
Content = tuple[int, tuple[Mapping[str, Any], ...]]
"""The number of a table's rows, and the first ones."""
NO_ROWS: Content = (0, ())


class Tables:
    """The tables after the events added so far."""

    def __init__(self) -> None:
        self.snapshot: Snapshot = {}
        """The last one; the next one may be stored as changes to it."""
        self.by_name: dict[str, Table] = {}
        self.uncommitted: dict[tuple[str, int], Table] = {}
        """Name and pid → the table as that process saw it when it last looked, inside a transaction."""
        self.counts: dict[str, tuple[Count, ...]] = {}
        """Name of a table of the lesson → how many committed rows it was seen to have, when that changed."""
        self.committed: dict[str, Content] = {}
        """Name → the committed rows, as anybody saw them last."""
        self.writes: list[Write] = []
        """Those to tables of the lesson."""

    def add(self, event: RecordedEvent) -> RecordedEvent:
        """Add the next event. Return it with its snapshot in full, as the process saw it."""
        if event.kind == "died":
            died = event.payload["died_pid"]
            self.uncommitted = {key: table for key, table in self.uncommitted.items() if key[1] != died}
        before = dict(self.committed)
        seen = self.seen(event)
        task = str(event.payload.get("task") or "")
        self.writes += [Write(point_of(event), name, task) for name in self.written(event, before)]
        return seen

    def seen(self, event: RecordedEvent) -> RecordedEvent:
        """Note the snapshot of an event, if it has one; return the event with it in full."""
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
        for name, seen in snapshot.items():
            self.uncommitted.pop((name, event.pid), None)
            if seen is None:
                if name in self.by_name:
                    self.by_name[name] = replace(self.by_name[name], unread=True)
                continue
            table = self.by_name[name] = table_of(name, seen, event)
            if table.in_transaction:
                self.uncommitted[name, event.pid] = table
                continue
            self.committed[name] = content(table)
            if name not in DJANGO_Q:
                self.count(table, event)

    def written(self, event: RecordedEvent, before: Mapping[str, Content]) -> Iterator[str]:
        """Yield the tables of the lesson to which the process of `event` has written since its event before.

        It has saved rows there; or it has looked because it has written or committed something, and the table isn't as
        anybody has seen it `before`. An event that always looks doesn't tell who has written.
        """
        saved = event.payload.get("saved") or ()
        has_written = "rows" in event.payload and "rows" not in KINDS[event.kind].fields
        for name, table in self.by_name.items():
            differs = has_written and not table.in_transaction and content(table) != before.get(name, NO_ROWS)
            if name in saved or (differs and name not in DJANGO_Q):
                yield name

    def count(self, table: Table, event: RecordedEvent) -> None:
        """Note the number of the rows of a table of the lesson, if it's another one than before."""
        counts = self.counts.get(table.name, ())
        if table.count != (counts[-1].count if counts else 0):
            self.counts[table.name] = (*counts, Count(point_of(event), table.count))

    def since(self, before: Mapping[str, Table]) -> dict[str, Table]:
        """Return name → table, each marked with what has changed since it was as in `before`."""
        return {name: marked(self.with_others(table), before.get(name)) for name, table in self.by_name.items()}

    def with_others(self, table: Table) -> Table:
        others = [other for (name, pid), other in self.uncommitted.items() if name == table.name and pid != table.pid]
        differing = tuple(each for each in others if content(each) != content(table))
        return replace(table, others=differing) if differing else table


def table_of(name: str, seen: Mapping[str, Any], event: RecordedEvent) -> Table:
    """Return the table `name` as the process of `event` saw it."""
    return Table(
        name,
        seen["count"],
        tuple(seen["rows"]),
        event.lane,
        event.pid,
        seen.get("table") or DJANGO_Q.get(name, name),
        seen.get("database", ""),
        bool(seen.get("in_transaction")),
    )


def content(table: Table) -> Content:
    return table.count, table.rows


def marked(table: Table, before: Table | None) -> Table:
    """Return `table` with the marks of what differs from `before`; a table that nobody had seen counts as empty."""
    if before and content(before) == content(table):
        return table
    rows_before = {row["id"]: row for row in before.rows} if before else {}
    changed_rows = frozenset(row["id"] for row in table.rows if rows_before.get(row["id"]) != row)
    changed = bool(changed_rows) or table.count != (before.count if before else 0)
    return replace(table, changed=changed, changed_rows=changed_rows)
