"""Figures: the results of benchmarks."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Benchmark = Callable[[int], Iterable["Figure"]]
"""A function of the number of rounds. It measures while its figures are consumed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    unit: str
    median: float
    p95: float
    """The value that 95 % of the rounds are at or below, or at or above where more is better."""
    against: float | None = None
    """The median of what it is measured against, in the same unit."""
    ratio: float | None = None
    """How many times better the median is than `against`."""
    goal: str = ""
    met: bool | None = None
    """None without a goal."""


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest of `values` that at least `percent` % of them are at or below."""
    return sorted(values)[max(0, -(-percent * len(values) // 100) - 1)]


def p95(values: Sequence[float]) -> float:
    """Return the smallest of `values` that at least 95 % of them are at or below."""
    return percentile(values, 95)


def against(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float], times: float | None = None) -> Figure:
    """Return a figure of two series where less is better; the goal, if any, is that ours is `times` better."""
    median, other = statistics.median(ours), statistics.median(theirs)
    goal = "" if times is None else f"≥ {times:g}×"
    met = None if times is None else other / median >= times
    return Figure(name, unit, median, p95(ours), other, other / median, goal, met)


def below(name: str, unit: str, values: Sequence[float], bound: float, *, of: str = "median") -> Figure:
    """Return a figure with the goal that its median (or p95) is below `bound`."""
    median, high = statistics.median(values), p95(values)
    return Figure(name, unit, median, high, goal=f"{of} < {bound:g}", met=(median if of == "median" else high) < bound)


def above(name: str, unit: str, values: Sequence[float], bound: float) -> Figure:
    """Return a figure where more is better, with the goal that its median is above `bound`."""
    median = statistics.median(values)
    return Figure(name, unit, median, -p95([-value for value in values]), goal=f"> {bound:g}", met=median > bound)


def plain(name: str, unit: str, values: Sequence[float]) -> Figure:
    """Return a figure without a goal, where less is better."""
    return Figure(name, unit, statistics.median(values), p95(values))


def rate(name: str, unit: str, values: Sequence[float]) -> Figure:
    """Return a figure without a goal, where more is better."""
    return Figure(name, unit, statistics.median(values), -p95([-value for value in values]))


def all_of(name: str, met: int, total: int) -> Figure:
    """Return a figure of how many of `total` met a condition, with the goal that all do."""
    return Figure(name, f"of {total}", met, met, goal=f"all {total}", met=met == total)
