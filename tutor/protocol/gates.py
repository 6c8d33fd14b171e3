"""Gates, which enforce the order of events in two processes."""

from __future__ import annotations

from dataclasses import dataclass

from .events import KINDS
from .when import When


@dataclass(frozen=True, slots=True)
class Gate:
    """A point at which a process of a lab waits, usually for milliseconds, for an event of another process.

    A `gate_reached` event tells when it begins to wait, and a `gate` event when it goes on.

    Raises ValueError if a process can't wait at that event.
    """

    name: str
    at: When
    """The event at which the process waits."""
    until: When
    """The event that opens the gate."""
    bound_s: float = 5.0
    """The maximum wait in seconds. After that, the run ends with a `gate_expired` event."""

    def __post_init__(self) -> None:
        if not KINDS[self.at.event].can_be_breakpoint:
            known = ", ".join(kind for kind in KINDS if KINDS[kind].can_be_breakpoint)
            raise ValueError(f"A process can't wait at “{self.at.event}” (only at: {known}).")
