"""What is drawn in the lanes of one row of the execution table: parts of bars, bands, tags, arrows and dots. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tutor.trace.bars import Bar

from .lane_places import Lane

SEGMENTS = 10
"""The maximum segments of a lane in one row; more are drawn as one."""
BAND_LEFT = 0.32
"""Where a band begins, as a share of its lane: its number stands before it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a bar that lies in one row."""

    lane: Lane
    x: float
    """Its middle, as a share of the width of the lanes."""
    y0: float
    y1: float
    """Its ends, as shares of the height of the row."""
    look: str
    """Its kind; `failed` for a Task row of a failure, `dropped` for a result of which nothing is stored, `held` for
    a wait at a gate, and `unnoticed` between a kill and its notice."""
    task: str = ""
    """The label of its task."""
    end: str = ""
    """`raised` or `died` if the bar ends here in that way."""
    is_own: bool = False
    """Whether it is that of the task of its row, in a band."""

    def between(self, y0: float, y1: float, *, is_end: bool) -> Segment:
        """Return the part of it between two heights, which has its end or not."""
        return replace(self, y0=y0, y1=y1, end=self.end if is_end else "")


@dataclass(frozen=True, slots=True)
class Band:
    """Many bars of a lane between two heights of one row: how many of each look."""

    lane: Lane
    x: float
    """The left end of the lane, as a share of the width of the lanes."""
    width: float
    """The width that all of them would have at the most crowded moment."""
    y0: float
    y1: float
    counts: tuple[tuple[str, float], ...]
    """(look, share of `width`)."""
    total: int
    is_new: bool
    """Whether the number is another one than in the row before, or the one of now."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The letter of a task where one of its bars begins."""

    lane: Lane
    x: float
    """The middle of the bar, as a share of the width of the lanes."""
    text: str
    task: str
    failed: bool
    in_band: bool
    """Whether its bar is in a band. It then stands to the right of it, so that the band's number has room."""


@dataclass(frozen=True, slots=True)
class Hand:
    """An arrow for a hand-over, or a dot where a step was made."""

    lane: Lane
    x: float
    y: float
    to: float | None = None
    """Where it leads; None for a dot."""
    task: str = ""
    is_tagged: bool = False
    """Whether a tag is at its end."""


@dataclass(slots=True)
class Cell:
    """What one row of the table has in its lanes."""

    segments: list[Segment] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


def without_crowds(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the segments of one row; in place of too many in one lane, one that says so by its look."""
    numbers = Counter((each.lane.places, each.x) for each in segments)
    crowds = {place for place, number in numbers.items() if number > SEGMENTS}
    for each in segments:
        if (each.lane.places, each.x) not in crowds:
            yield each
    for places, x in crowds:
        own = [each for each in segments if (each.lane.places, each.x) == (places, x)]
        yield Segment(own[0].lane, x, min(each.y0 for each in own), max(each.y1 for each in own), "many")


def look_of(bar: Bar) -> str:
    if bar.dropped:
        return "dropped"
    if bar.at_gate:
        return "held"
    return "failed" if bar.kind == "stored" and bar.success is False else bar.kind


def longest_free(begin: float, end: float, taken: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the two ends of the longest part that nothing of `taken`, which is in order, covers."""
    parts = []
    for first, last in taken:
        if begin <= first < end:
            parts.append((begin, first))
            begin = max(begin, last)
    return max([*parts, (begin, max(begin, end))], key=lambda part: part[1] - part[0])
