"""The bars of a lane on the clock of the strip. Pure.

Widths are shares of the strip's, heights are in CSS pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Point

from .lane_marks import look_of
from .lane_places import SLOTS, Arrangement, arranged, last_ms
from .time_axis import Axis, span

COLUMNS = 100
"""The columns of a band."""
LEAST = 0.0018
"""The least width of a bar, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class StripBar:
    """A bar, or a column of a band."""

    look: str
    x: float
    width: float
    y: float
    height: float
    bar: Bar | None = None
    """None for a column of a band."""
    tag: str = ""
    """The letter of its task, where it begins."""


@dataclass(frozen=True, slots=True)
class StripDrawing:
    """Places the bars of a lane on a clock."""

    axis: Axis
    tags: Mapping[str, str]
    height: float
    """The height of the bars of a lane, beside each other."""
    killed: Mapping[Place, Point] = field(default_factory=dict)
    """Process → when it was killed."""

    def lane(self, bars: Sequence[Bar]) -> Iterator[StripBar]:
        arrangement = arranged(bars)
        if arrangement.is_band:
            yield from self.band(bars)
        else:
            yield from self.beside(arrangement)

    def beside(self, arrangement: Arrangement) -> Iterator[StripBar]:
        """Yield the bars of a lane in their slots."""
        height = round(self.height / arrangement.width, 2)
        drawn: dict[int, float] = {}
        for index, own in enumerate(arrangement.chains):
            slot = arrangement.slots[index]
            for look, bar in chain.from_iterable(map(self.parts, own.bars)):
                x, width = self.place(bar)
                is_covered = width <= LEAST and x - drawn.get(slot, -1.0) < LEAST
                if is_covered and last_ms(bar) <= self.axis.now_ms:  # What goes on now is drawn in any case.
                    continue
                drawn[slot] = x
                tag = self.tags.get(bar.task_label, "") if bar.begin == own.bars[0].begin else ""
                yield StripBar(look, x, width, round(slot * height, 2), height, bar, tag)

    def parts(self, bar: Bar) -> Iterator[tuple[str, Bar]]:
        """Yield (look, part of a bar): that of a process that was killed ends there, and was noticed later."""
        killed = self.killed.get(bar.place) if bar.died else None
        if killed and bar.begin.at_ms <= killed.at_ms <= last_ms(bar):
            yield look_of(bar), replace(bar, end_ms=killed.at_ms)
            yield "unnoticed", replace(bar, begin=killed, died=False)
        else:
            yield look_of(bar), bar

    def place(self, bar: Bar) -> tuple[float, float]:
        """Return the left end and the width of a bar."""
        begin, end = span(bar, self.axis.now_ms)
        x = self.axis.fraction(begin)
        width = max(LEAST, self.axis.fraction(end) - x)
        return round(min(x, 1 - LEAST), 5), round(width, 5)

    def band(self, bars: Sequence[Bar]) -> Iterator[StripBar]:
        """Yield columns whose heights follow the number of the bars, those of each look above each other."""
        columns = self.columns(bars)
        most = max(SLOTS, *(sum(count for _, count in column) for column in columns))
        place = 0
        for column, same in groupby(columns):
            width = len(list(same))
            y = self.height
            for look, count in column:
                height = self.height * count / most
                y -= height
                x = round(place / COLUMNS, 5)
                yield StripBar(look, x, round(width / COLUMNS, 5), round(y, 2), round(height, 2))
            place += width

    def columns(self, bars: Sequence[Bar]) -> list[tuple[tuple[str, int], ...]]:
        """Return (look, number) of the bars that last in the middle of each column."""
        changes: list[Counter[str]] = [Counter() for _ in range(COLUMNS + 1)]
        for bar in (each for each in bars if not each.at_gate):
            x, width = self.place(bar)
            first, end = (min(COLUMNS, round(place * COLUMNS)) for place in (x, x + width))
            if end == COLUMNS:  # What goes on now is drawn in any case.
                first = min(first, COLUMNS - 1)
            changes[first][look_of(bar)] += bar.count or 1
            changes[end][look_of(bar)] -= bar.count or 1
        live: Counter[str] = Counter()
        columns = []
        for change in changes[:COLUMNS]:
            live.update(change)
            columns.append(tuple(sorted((look, count) for look, count in live.items() if count)))
        return columns
