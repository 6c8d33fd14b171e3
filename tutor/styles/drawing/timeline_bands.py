"""Bands: how many bars there are at each time in a lane where too many overlap to be drawn one by one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.trace.bars import Bar, Place

from .time_axis import Axis

LEAST = 0.02
"""The share of the axis within which all changes of a band are one, so that their number is bounded."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a band in which the number of bars stays the same."""

    begin_ms: float
    end_ms: float | None
    """None while it goes on."""
    count: int
    locked: int
    """How many of them are locks."""


def stretches(bars: Sequence[Bar], axis: Axis) -> list[Stretch]:
    """Return the stretches of a band of `bars`, in order, without those in which there are none."""
    changes: dict[int, list[tuple[float, int, int]]] = {}
    for at, by, locked in changes_of(bars, axis.now_ms):
        changes.setdefault(int(axis.fraction(at) / LEAST), []).append((at, by, locked))
    found: list[Stretch] = []
    count = locked = 0
    for _, near in sorted(changes.items()):
        begin = min(at for at, _, _ in near)
        if found and found[-1].end_ms is None:
            found[-1] = Stretch(found[-1].begin_ms, begin, count, locked)
        count += sum(by for _, by, _ in near)
        locked += sum(each for _, _, each in near)
        if count:
            found.append(Stretch(begin, None, count, locked))
    return found


def changes_of(bars: Sequence[Bar], now_ms: float) -> Iterator[tuple[float, int, int]]:
    """Yield (time, change of the number of bars, change of the number of locks) up to now.

    A bar ends at the latest where the next one of its task begins, as both are about the same row.
    """
    following: dict[tuple[Place, str], float] = {}
    for bar in reversed(bars):
        row, locked = (bar.place, bar.task), int(bar.kind == "locked")
        yield bar.begin.at_ms, 1, locked
        if row in following or (bar.end_ms is not None and bar.end_ms <= now_ms):
            yield min(now_ms if bar.end_ms is None else bar.end_ms, following.get(row, now_ms)), -1, -locked
        following[row] = bar.begin.at_ms
