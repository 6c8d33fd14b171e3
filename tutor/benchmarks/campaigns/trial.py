"""What a campaign does again and again, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """One try of a campaign."""

    deviation: str | None = None
    """How it deviates from the promise; None if it doesn't."""
    lost: int = 0
    """The events that a process has sent and the host has not."""
    left: int = 0
    """The processes and folders that are still there afterwards."""
    seconds: float = 0.0
    """How long it took until it was over, from what was done to it."""
    gates_ms: tuple[float, ...] = ()
    """How long a process waited at each gate of its run."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One promise, and how it is tested."""

    promise: str
    carry_out: Callable[[int], Iterator[Trial]]
    """Yields as many tries as it is told to make."""
    tries: int = 200
    """How many tries it makes unless it is told otherwise."""
