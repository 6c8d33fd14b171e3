"""The rows of a timeline's lanes: which bars share a row, and what is drawn for many. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tutor.trace.bars import QUEUE, RESULTS, Bar, Place
from tutor.trace.timeline import Timeline

from .time_axis import Axis, span
from .timeline_bands import Stretch, stretches

LANES, SLOTS = 8, 5
"""The maximum lanes of their own, after which the others are one, and the maximum rows of a lane that isn't a band."""
MARKS = 48
"""About how many marks there are of a run that has more bars."""
JOINED = 6 * MARKS
"""The last bars among which neighbours are joined."""
NEAR = 0.004
"""The share of the axis below which bars, and the gaps between them, can't be told apart."""
OTHERS = Place("others")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn as one rectangle: a bar, or several that can't be told apart."""

    lane: int
    slot: int
    bars: tuple[Bar, ...]
    begin_ms: float
    end_ms: float | None
    """None while it goes on."""

    def until(self, now_ms: float) -> float:
        """Return its end as far as it has come."""
        return now_ms if self.end_ms is None else min(self.end_ms, now_ms)


@dataclass(frozen=True, slots=True)
class LaneRows:
    """The content of one lane."""

    place: Place
    slots: int
    """The number of its rows."""
    marks: tuple[Mark, ...]
    band: tuple[Stretch, ...] = ()
    """How many bars there are when, if it is a band. Its marks are those of one task then."""

    @property
    def highest(self) -> int:
        """The most bars at one time, if it is a band; otherwise 0."""
        return max((each.count for each in self.band), default=0)


def rows_of(timeline: Timeline, axis: Axis, task: str = "") -> tuple[LaneRows, ...]:
    """Return the lanes with their marks. In a band, the bars of `task` have marks of their own."""
    places = timeline.lanes if len(timeline.lanes) <= LANES else (*timeline.lanes[:LANES], OTHERS)
    index = {place: number for number, place in enumerate(places)}
    lanes: list[list[Bar]] = [[] for _ in places]
    for bar in timeline.bars:
        if (number := index.get(bar.place, index.get(OTHERS))) is not None:
            lanes[number].append(bar)
    rows = [lane_rows(number, place, lanes[number], axis, task) for number, place in enumerate(places)]
    if sum(len(lane.marks) for lane in rows) > MARKS:
        rows = list(without_oldest(rows, JOINED, axis.now_ms))
        rows = [replace(lane, marks=tuple(joined(lane.marks, axis))) for lane in rows]
    return tuple(without_oldest(rows, MARKS, axis.now_ms))


def lane_rows(number: int, place: Place, bars: Sequence[Bar], axis: Axis, task: str) -> LaneRows:
    """Return a lane with a mark for each bar, or as a band if more than `SLOTS` of them overlap."""
    slots = slots_of(bars, axis.now_ms)
    if slots is not None:
        pairs = zip(bars, slots, strict=True)
        marks = [Mark(number, slot, (bar,), bar.begin.at_ms, bar.end_ms) for bar, slot in pairs]
        return LaneRows(place, max(slots, default=0) + 1, tuple(marks))
    own = [Mark(number, 0, (bar,), bar.begin.at_ms, bar.end_ms) for bar in bars if task and bar.task == task]
    return LaneRows(place, 1, tuple(own), tuple(stretches(bars, axis)))


def slots_of(bars: Sequence[Bar], now_ms: float) -> list[int] | None:
    """Return the slot of each bar, or None if more than `SLOTS` are needed.

    A slot is used again once what was in it has ended. Bars of one row of a table share a slot.
    """
    ends: dict[object, float] = {}
    keys = [row_of(bar, number) for number, bar in enumerate(bars)]
    for key, bar in zip(keys, bars, strict=True):
        ends[key] = max(ends.get(key, 0.0), span(bar, now_ms)[1])
    slots: dict[object, int] = {}
    free: list[float] = []
    for key, bar in zip(keys, bars, strict=True):
        if key in slots:
            continue
        slots[key] = next((slot for slot, end in enumerate(free) if end <= bar.begin.at_ms), len(free))
        free[slots[key] : slots[key] + 1] = [ends[key]]
        if len(free) > SLOTS:
            return None
    return [slots[key] for key in keys]


def row_of(bar: Bar, number: int) -> object:
    """Return what a bar shares a slot with others by: its row of a table, or itself alone."""
    return (bar.place, bar.task) if bar.place.name in (QUEUE, RESULTS) else number


def joined(marks: Sequence[Mark], axis: Axis) -> Iterator[Mark]:
    """Yield the marks of a lane, with neighbours of one slot as one mark if they can't be told apart."""
    last: dict[int, Mark] = {}
    for mark in marks:
        before = last.get(mark.slot)
        if before and is_near(before, mark, axis):
            last[mark.slot] = Mark(mark.lane, mark.slot, (*before.bars, *mark.bars), before.begin_ms, mark.end_ms)
            continue
        if before:
            yield before
        last[mark.slot] = mark
    yield from last.values()


def is_near(one: Mark, other: Mark, axis: Axis) -> bool:
    """Return whether `other`, which is later in the same slot, is short and begins where `one` ends."""
    if one.end_ms is None:
        return False
    begin, end = axis.fraction(other.begin_ms), axis.fraction(other.until(axis.now_ms))
    return begin - axis.fraction(one.end_ms) < NEAR and end - begin < NEAR


def without_oldest(lanes: Sequence[LaneRows], most: int, now_ms: float) -> Iterator[LaneRows]:
    """Yield the lanes with the last `most` marks. In each slot, those that ended before are one."""
    begins = sorted((mark.begin_ms for lane in lanes for mark in lane.marks), reverse=True)
    since = begins[most] if len(begins) > most else -1.0
    for lane in lanes:
        old = sorted((mark for mark in lane.marks if mark.until(now_ms) <= since), key=lambda mark: mark.slot)
        kept = [mark for mark in lane.marks if mark.until(now_ms) > since]
        one_each = [as_one(list(each)) for _, each in groupby(old, key=lambda mark: mark.slot)]
        yield replace(lane, marks=(*one_each, *kept))


def as_one(marks: Sequence[Mark]) -> Mark:
    """Return one mark for the marks of a slot."""
    bars = tuple(bar for mark in marks for bar in mark.bars)
    ends = [mark.end_ms for mark in marks if mark.end_ms is not None]
    return Mark(marks[0].lane, marks[0].slot, bars, marks[0].begin_ms, max(ends, default=None))
