"""Observations: facts as a process sends them, before they are numbered and stored as events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

TYPES = {"seq": int, "pid": int, "lane": str, "at": int, "kind": str, "payload": dict}
"""Name → type of each field."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact as a process of a lab, or its host, sent it."""

    seq: int
    """The number within its process: 1, 2, 3…; 0 if the supervisor has read what the process has written."""
    pid: int
    lane: str
    """The role of its process."""
    at: int
    """Nanoseconds of the machine's monotonic clock."""
    kind: str
    payload: dict[str, Any]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the observation that a probe sent as `data`. Raises TypeError if `data` is malformed."""
        observation = cls(**data)
        for name, expected in TYPES.items():
            if not isinstance(getattr(observation, name), expected):
                raise TypeError(f'the field "{name}" of an observation must be of type {expected.__name__}')
        return observation
