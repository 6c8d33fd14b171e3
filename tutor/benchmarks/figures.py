"""What a benchmark gives, and the list of all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

BENCHMARKS: dict[str, Callable[[int], Iterable[Figure]]] = {}
"""Name → a function of the number of rounds; in the order in which they are printed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    unit: str
    median: float
    p95: float
    against: float | None = None
    """The median of what it is measured against, in the same unit."""
    ratio: float | None = None
    """How many times better than that: above 1 is better."""
    goal: str = ""
    met: bool | None = None
    """None where there is no goal."""


def benchmark(name: str) -> Callable[[Callable[[int], Iterable[Figure]]], Callable[[int], Iterable[Figure]]]:
    """Register a benchmark under `name`."""

    def register(measure: Callable[[int], Iterable[Figure]]) -> Callable[[int], Iterable[Figure]]:
        BENCHMARKS[name] = measure
        return measure

    return register


def p95(values: Sequence[float]) -> float:
    """The value that 95 % of `values` are at or below."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def against(name: str, unit: str, ours: Sequence[float], theirs: Sequence[float], times: float) -> Figure:
    """Ours beside theirs, where less is better and the goal is to be `times` faster."""
    ratio = statistics.median(theirs) / statistics.median(ours)
    return Figure(
        name,
        unit,
        statistics.median(ours),
        p95(ours),
        statistics.median(theirs),
        ratio,
        f"≥ {times:g}×",
        ratio >= times,
    )


def below(name: str, unit: str, values: Sequence[float], bound: float, *, of: str = "median") -> Figure:
    """A figure whose median (or p95) is to be below `bound`."""
    middle, high = statistics.median(values), p95(values)
    return Figure(name, unit, middle, high, goal=f"{of} < {bound:g}", met=(middle if of == "median" else high) < bound)


def plain(name: str, unit: str, values: Sequence[float]) -> Figure:
    """A figure without a goal."""
    return Figure(name, unit, statistics.median(values), p95(values))
