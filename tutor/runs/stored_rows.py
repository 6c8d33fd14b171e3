"""Storing the snapshots of a run as changes, with a full one now and then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.protocol.row_changes import Snapshot, change

SNAPSHOTS_PER_FULL_ONE = 200
"""How many snapshots are stored as changes before the next full one."""


class StoredRows:
    """The stored form of one run's snapshots. Call `stored` for the payload of each event, in order.

    A snapshot is stored as changes to the one before it, whichever process that was seen by: processes mostly see the
    same rows, and so each change is stored once. The event itself tells who looked.
    """

    def __init__(self) -> None:
        self.last: Snapshot | None = None
        self.changes = 0
        """The number of snapshots stored as changes since the last full one."""

    def stored(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return `payload` with its snapshot, if it has one, in the stored form."""
        snapshot = payload.get("rows")
        if snapshot is None:
            return dict(payload)
        changes = None
        if self.last is not None and self.changes < SNAPSHOTS_PER_FULL_ONE:
            changes = change(self.last, snapshot)
        self.last = snapshot
        self.changes = self.changes + 1 if changes else 0
        return {**payload, "rows": changes or snapshot}
