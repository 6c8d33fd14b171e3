"""The table of two runs beside each other, with long stretches in which they are the same left out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tutor.trace.comparison import Comparison, Pair
from tutor.trace.model import Step

from .comparison_words import subject, verdict

SHOWN = 8
"""The most rows in a row that are the same and shown one by one."""
EDGE = 2
"""The rows that are shown before and after those that are left out."""
MOST = 200
"""The maximum rows that differ; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a step of one of the runs or of both, or a number of rows that are left out."""

    left_out: int = 0
    """How many rows, which are the same in both runs, it stands for; 0 for a row of its own."""
    pair: Pair | None = None
    subject: str = ""
    verdict: str = ""
    difference: int = 0
    """Its number among the differences, from 1; 0 without one."""

    @property
    def sides(self) -> tuple[Step | None, Step | None]:
        return (self.pair.first, self.pair.second) if self.pair else (None, None)


def rows_of(comparison: Comparison, first: str, second: str) -> tuple[list[Row], int]:
    """Return the rows of the table, and how many differences it leaves out."""
    rows: list[Row] = []
    number = 0
    for is_same, group in groupby(comparison.pairs, key=lambda pair: pair.is_same):
        pairs = list(group)
        if is_same:
            rows += shortened(pairs, first, second)
            continue
        for pair in pairs:
            number += 1
            if number <= MOST:
                rows.append(row(pair, first, second, number))
    return rows, max(0, number - MOST)


def shortened(pairs: list[Pair], first: str, second: str) -> Iterator[Row]:
    """Yield rows that are the same, without those in the middle of a long stretch."""
    middle = len(pairs) - 2 * EDGE
    if len(pairs) <= SHOWN:
        yield from (row(pair, first, second) for pair in pairs)
        return
    yield from (row(pair, first, second) for pair in pairs[:EDGE])
    yield Row(left_out=middle)
    yield from (row(pair, first, second) for pair in pairs[-EDGE:])


def row(pair: Pair, first: str, second: str, number: int = 0) -> Row:
    return Row(0, pair, subject(pair), verdict(pair, first, second), number)
