"""Noticing that the current process may see other rows of its databases than before.

Only counters that SQLite and Django keep anyway are compared. So nothing stands between the lesson's code and its
databases, and there are no queries while nothing is written.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

State = tuple[Any, int, int]
"""SQLite's own connection, the number of rows that it has written, the number of open transactions and savepoints."""


def may_see_other_rows() -> bool:
    """Return whether this process has written, committed or rolled back something since `looked` was called."""
    return any(differs(connection) for connection in connections.all(initialized_only=True))


def looked() -> None:
    """Note that this process has just read the rows."""
    for connection in connections.all(initialized_only=True):
        vars(connection)["lab_looked"] = state(connection)


def differs(connection: Any) -> bool:
    raw, written, depth = state(connection)
    raw_before, written_before, depth_before = getattr(connection, "lab_looked", (None, 0, 0))
    return bool(depth < depth_before or written != (written_before if raw is raw_before else 0))


def state(connection: Any) -> State:
    raw = connection.connection
    try:
        written = raw.total_changes
    except Exception:  # It isn't connected, or closed in the middle of a transaction.
        return None, 0, 0
    return raw, written, connection.in_atomic_block + len(connection.savepoint_ids)
