"""Bars that are too many to be drawn one by one: how many there are at each time, and shapes of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.trace.bars import Bar, Place

from .time_axis import Axis

BAND, WIDTH = 44.0, 1000
"""The height of a band, and the width of its own coordinates."""
LEAST_GAP = 1
"""The least gap between two bars of a shape, in these coordinates."""
LEAST = 0.01
"""The share of the axis within which all changes of a band are one, so that their number is bounded."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a band in which the number of bars stays the same."""

    begin_ms: float
    end_ms: float
    """Now, at the latest."""
    count: int
    locked: int
    """How many of them are locks."""


def stretches(bars: Sequence[Bar], axis: Axis) -> list[Stretch]:
    """Return the stretches of a band of `bars`, in order, without those in which there are none."""
    changes: dict[int, list[tuple[float, int, int]]] = {}
    for at, by, locked in changes_of(bars, axis.now_ms):
        changes.setdefault(int(axis.fraction(at) / LEAST), []).append((at, by, locked))
    found: list[Stretch] = []
    begin, count, locked = 0.0, 0, 0
    for _, near in sorted(changes.items()):
        end = min(at for at, _, _ in near)
        if count:
            found.append(Stretch(begin, end, count, locked))
        begin = end
        count += sum(by for _, by, _ in near)
        locked += sum(each for _, _, each in near)
    return [*found, Stretch(begin, axis.now_ms, count, locked)] if count else found


def changes_of(bars: Sequence[Bar], now_ms: float) -> Iterator[tuple[float, int, int]]:
    """Yield (time, change of the number of bars, change of the number of locks) up to now.

    A bar ends at the latest where the next one of its task begins, as both are about the same row.
    """
    following: dict[tuple[Place, str], float] = {}
    for bar in reversed([each for each in bars if not each.at_gate]):
        count = bar.count or 1
        row, locked = (bar.place, bar.task or str(bar.begin.number)), count * (bar.kind == "locked")
        yield bar.begin.at_ms, count, locked
        if row in following or (bar.end_ms is not None and bar.end_ms <= now_ms):
            yield min(now_ms if bar.end_ms is None else bar.end_ms, following.get(row, now_ms)), -count, -locked
        following[row] = bar.begin.at_ms


def area(counts: Iterable[tuple[Stretch, int]], highest: int, axis: Axis) -> str:
    """Return the outline of an area as an SVG path: in each stretch as high as its number."""
    path, reached, top = "", 0.0, f"{BAND:g}"
    for stretch, count in counts:
        begin, end = axis.fraction(stretch.begin_ms) * WIDTH, axis.fraction(stretch.end_ms) * WIDTH
        path = path or f"M{round(begin, 1):g} {BAND:g}"
        height = f"{round(BAND * (1 - count / highest))}"
        if begin > reached + 0.1 and top != f"{BAND:g}":
            path, top = path + f"H{round(reached, 1):g}V{BAND:g}", f"{BAND:g}"
        if height != top:
            path, top = path + f"H{round(begin, 1):g}V{height}", height
        reached = end
    return path + f"H{round(reached, 1):g}V{BAND:g}z"


def rectangles(spans: Iterable[tuple[float, float]], y: float, height: float) -> str:
    """Return bars between two shares of the clock as an SVG path, without the least gaps."""
    shapes: list[tuple[float, float]] = []
    for begin, end in spans:
        x, reached = round(begin * WIDTH, 1), round(end * WIDTH, 1)
        if shapes and x - shapes[-1][1] < LEAST_GAP:
            x = shapes.pop()[0]
        shapes.append((x, reached))
    return "".join(f"M{x:g} {y:g}H{end:g}v{height:g}H{x:g}z" for x, end in shapes)
