"""Gates: how the order of two processes is made certain."""

from __future__ import annotations

from dataclasses import dataclass

from .when import When


@dataclass(frozen=True, slots=True)
class Gate:
    """A point where a process of a lab waits, mostly for milliseconds, for another process's event."""

    name: str
    at: When
    """Where it waits."""
    until: When
    """What it waits for."""
    bound_s: float = 5.0
    """The longest that it waits, in seconds. Then the run ends with `gate_expired`."""
