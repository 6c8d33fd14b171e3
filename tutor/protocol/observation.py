"""Observations: facts as a process sends them, before they are numbered and stored as events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact as a process of a lab, or its host, sent it."""

    seq: int
    """1, 2, 3… within its process."""
    pid: int
    lane: str
    """The role of its process."""
    at: int
    """Nanoseconds of the machine's monotonic clock."""
    kind: str
    payload: dict[str, Any]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """What a process of a lab sent. Raises TypeError where no probe would have sent it."""
        seen = cls(**data)
        values = (seen.seq, seen.pid, seen.lane, seen.at, seen.kind, seen.payload)
        if not all(map(isinstance, values, (int, int, str, int, str, dict))):
            raise TypeError("an observation has other values")
        return seen
