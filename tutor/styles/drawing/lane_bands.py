"""Bands: many bars of a lane in the rows of the execution table, as their number. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from tutor.trace.bars import Bar

from .lane_marks import Band, look_of
from .lane_places import SLOTS, Lane
from .row_places import Spot

SAMPLES = 4
"""The maximum heights of a band in one row."""


class Span(NamedTuple):
    """A bar with the places of its ends."""

    begin: Spot
    end: Spot
    bar: Bar


class Piece(NamedTuple):
    """A part of a row in which the number of the bars is the same."""

    cell: int
    y0: float
    y1: float
    counts: tuple[tuple[str, int], ...]
    """Look → number of the bars."""

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


def bands_of(lane: Lane, spans: Sequence[Span], cells: int, left: float, width: float) -> Iterator[tuple[int, Band]]:
    """Yield (index of a row, band) for a lane with that left end and width, in a table with that number of rows."""
    pieces = list(pieces_of(spans, cells))
    # A power of two, so that the rows before stay as they are when one more follows.
    most = 1 << (max(SLOTS, *(piece.total for piece in pieces)) - 1).bit_length()
    before = pieces[0].total
    for piece in pieces:
        if piece.total:
            shares = tuple((look, round(count / most, 3)) for look, count in piece.counts)
            is_new = piece.total != before or piece.cell == cells - 1
            yield piece.cell, Band(lane, left, width, piece.y0, piece.y1, shares, piece.total, is_new)
        before = piece.total


def pieces_of(spans: Sequence[Span], cells: int) -> Iterator[Piece]:
    """Yield the pieces of all rows, in order."""
    cuts: dict[int, set[float]] = defaultdict(lambda: {0.0, 1.0})
    for begin, end, _ in spans:
        cuts[begin.cell].add(begin.y)
        cuts[end.cell].add(end.y)
    counts = Counts(spans)
    for cell in range(cells):
        found: list[Piece] = []
        for y0, y1 in stretches(sorted(cuts[cell])):
            same = counts.between(Spot(cell, y0), Spot(cell, y1))
            if found and found[-1].counts == same:
                found[-1] = found[-1]._replace(y1=y1)
            else:
                found.append(Piece(cell, y0, y1, same))
        yield from found


def stretches(cuts: Sequence[float]) -> list[tuple[float, float]]:
    """Return the stretches between the cuts of a row, at most `SAMPLES`."""
    if len(cuts) > SAMPLES + 1:
        cuts = [*(cuts[len(cuts) * number // SAMPLES] for number in range(SAMPLES)), cuts[-1]]
    return list(pairwise(cuts))


class Counts:
    """The bars that last, from one stretch to the next."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.rest = sorted(spans, key=lambda span: span.begin, reverse=True)
        self.live: list[tuple[Spot, str, int]] = []
        """A heap of (end, look, number)."""
        self.counts: Counter[str] = Counter()

    def between(self, top: Spot, bottom: Spot) -> tuple[tuple[str, int], ...]:
        """Return (look, number) of the bars that last from `top` to `bottom`; call it from the top down."""
        while self.rest and self.rest[-1].begin <= top:
            _, end, bar = self.rest.pop()
            look, count = look_of(bar), bar.count or 1
            heappush(self.live, (end, look, count))
            self.counts[look] += count
        while self.live and self.live[0][0] < bottom:
            _, look, count = heappop(self.live)
            self.counts[look] -= count
        return tuple(sorted((look, count) for look, count in self.counts.items() if count))
