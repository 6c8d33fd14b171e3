"""What a benchmark gives."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Benchmark = Callable[[int], Iterable["Figure"]]
"""A function of the number of rounds; what it gives is measured as it is asked for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    unit: str
    median: float
    p95: float
    """What 95 % of the rounds keep: they are at or below it, or at or above it where more is better."""
    against: float | None = None
    """The median of what it is measured against, in the same run and unit."""
    ratio: float | None = None
    """How many times better than that: above 1 is better."""
    goal: str = ""
    met: bool | None = None
    """None where there is no goal."""


def p95(values: Sequence[float]) -> float:
    """The smallest of `values` that at least 95 % of them are at or below."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def against(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float], times: float | None = None) -> Figure:
    """Ours beside theirs, where less is better; the goal, if any, is to be `times` better."""
    middle, other = statistics.median(ours), statistics.median(theirs)
    goal = "" if times is None else f"≥ {times:g}×"
    met = None if times is None else other / middle >= times
    return Figure(name, unit, middle, p95(ours), other, other / middle, goal, met)


def below(name: str, unit: str, values: Sequence[float], bound: float, *, of: str = "median") -> Figure:
    """A figure whose median (or p95) is to be below `bound`."""
    middle, high = statistics.median(values), p95(values)
    return Figure(name, unit, middle, high, goal=f"{of} < {bound:g}", met=(middle if of == "median" else high) < bound)


def plain(name: str, unit: str, values: Sequence[float]) -> Figure:
    """A figure without a goal, of which less is better."""
    return Figure(name, unit, statistics.median(values), p95(values))


def rate(name: str, unit: str, values: Sequence[float]) -> Figure:
    """A figure without a goal, of which more is better."""
    return Figure(name, unit, statistics.median(values), -p95([-value for value in values]))


def all_of(name: str, met: int, of: int) -> Figure:
    """How many of so many did what all are to do."""
    return Figure(name, f"of {of}", met, met, goal=f"all {of}", met=met == of)
