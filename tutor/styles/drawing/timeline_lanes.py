"""The lanes of a timeline with their marks: rectangles that stand for a bar each, or for several neighbours. Pure.

Heights are in CSS pixels. Places on the clock are shares of its width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Process
from tutor.trace.timeline import Timeline

from .lane_marks import look_of
from .lane_places import SLOTS, Lane, arranged, bars_of, lanes_of
from .time_axis import Axis, span
from .timeline_bands import BAND, Stretch, stretches

TOP, PAD = 46.0, 6.0
"""The y of the first lane, and the space above and below the bars of a lane."""
BAR, SLOT, SPACE = 22.0, 17.0, 3.0
"""The heights of a bar that has its lane alone, of one of several, and of the space between those."""
NEAR = 0.001
"""About a pixel, as a share of the clock: neighbours that are shorter and nearer to each other are one mark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle of a lane."""

    bars: tuple[Bar, ...]
    slot: int
    begin_ms: float
    until_ms: float
    """Where the rectangle ends: at the latest now, and when its process died or was last heard of."""
    x: float
    end: float

    @property
    def key(self) -> str:
        """A name that no other mark has, and that stays the same as the run goes on."""
        bar = self.bars[0]
        table = bar.place.name if bar.kind == "rows" else ""
        return f"b{bar.begin.number}{bar.kind[:3]}{table}"

    @property
    def look(self) -> str:
        return look_of(self.bars[0]) if len(self.bars) == 1 else "several"

    @property
    def task_label(self) -> str:
        return self.bars[0].task_label if len(self.bars) == 1 else ""


@dataclass(frozen=True, slots=True)
class MarkedLane:
    """A lane with its marks."""

    lane: Lane
    y: float
    slots: int
    """The number of bars that lie below each other."""
    bars: Sequence[Bar]
    marks: Sequence[Mark]
    """In a band, those of one task."""
    band: Sequence[Stretch]
    """How many bars there are when, if there are too many at the same time to be drawn one by one."""
    earlier: Sequence[Mark] = ()
    """Marks that are drawn together."""

    @property
    def height(self) -> float:
        if self.band:
            return 2 * PAD + BAND
        return 2 * PAD + (BAR if self.slots == 1 else self.slots * (SLOT + SPACE) - SPACE)

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def highest(self) -> int:
        """The most bars at one time, if it is a band; otherwise 0."""
        return max((each.count for each in self.band), default=0)

    @property
    def bar_height(self) -> float:
        return 4.0 if self.band else BAR if self.slots == 1 else SLOT

    def y_of(self, mark: Mark) -> float:
        """Return the y of a mark below the upper end of its lane."""
        return self.height - PAD - 4 if self.band else PAD + mark.slot * (SLOT + SPACE)

    def ends_of(self, task: str) -> tuple[float, float]:
        """Return the y of the upper and of the lower end of a task's last bar; of all bars if it has none."""
        mark = next((each for each in reversed(self.marks) if each.bars[-1].task == task), None)
        if mark is None or self.band or self.slots == 1:
            return self.y + PAD, self.bottom - PAD
        y = self.y + self.y_of(mark)
        return y, y + SLOT


def marked_lanes(timeline: Timeline, axis: Axis, most: int, task: str = "") -> tuple[MarkedLane, ...]:
    """Return the lanes below each other, with the last `most` marks, and those that go on, one by one.

    In a band, only the bars of `task` have marks.
    """
    lanes = lanes_of(timeline)
    bars = bars_of(lanes, timeline)
    arrangements = [arranged(each) for each in bars]
    dead = ends_of_life(timeline.processes)
    found: list[MarkedLane] = []
    for lane, own, arrangement in zip(lanes, bars, arrangements, strict=True):
        y = found[-1].bottom if found else TOP
        if arrangement.width > SLOTS or any(bar.count for bar in own if bar.kind != "rows"):
            marks = [marked(bar, 0, axis, dead) for bar in own if task and bar.task == task]
            found.append(MarkedLane(lane, y, 1, own, marks, stretches(own, axis)))
            continue
        chains = enumerate(arrangement.chains)
        slots = [(bar, arrangement.slots[index]) for index, chain in chains for bar in chain.bars]
        marks = [marked(bar, slot, axis, dead) for bar, slot in slots]
        marks.sort(key=lambda mark: mark.begin_ms)
        found.append(MarkedLane(lane, y, arrangement.width, own, list(joined(marks)), ()))
    return tuple(with_few_marks(found, most, axis.now_ms))


def marked(bar: Bar, slot: int, axis: Axis, dead: Mapping[Place, float]) -> Mark:
    """Return the mark of a bar; `dead` has until when each dead process is known to have lived."""
    begin, until = span(bar, axis.now_ms)
    if (bar.died or bar.end_ms is None) and bar.place in dead:
        until = max(begin, min(until, dead[bar.place]))
    return Mark((bar,), slot, begin, until, axis.fraction(begin), axis.fraction(until))


def ends_of_life(processes: Iterable[Process]) -> dict[Place, float]:
    """Return until when each dead process is known to have lived."""
    return {
        Place(each.role, each.pid): each.killed.at_ms if each.killed else each.last_ms
        for each in processes
        if each.killed or each.died_ms is not None
    }


def with_few_marks(lanes: Sequence[MarkedLane], most: int, now_ms: float) -> Iterator[MarkedLane]:
    """Yield the lanes with the last `most` marks, and those that go on, as their marks, and the others as earlier."""
    begins = sorted((mark.begin_ms for lane in lanes for mark in lane.marks), reverse=True)
    since = begins[most] if len(begins) > most else -1.0
    for lane in lanes:
        kept = [mark for mark in lane.marks if mark.begin_ms > since or mark.until_ms >= now_ms or lane.band]
        earlier = [mark for mark in lane.marks if mark.begin_ms <= since and mark.until_ms < now_ms and not lane.band]
        yield replace(lane, marks=kept, earlier=earlier)


def joined(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of a lane, with neighbours of one slot as one mark if they can't be told apart."""
    together: dict[int, list[Mark]] = {}
    for mark in marks:
        before = together.get(mark.slot)
        if before and is_near(before[-1], mark):
            before.append(mark)
            continue
        if before:
            yield as_one(before)
        together[mark.slot] = [mark]
    for rest in together.values():
        yield as_one(rest)


def is_near(one: Mark, other: Mark) -> bool:
    """Return whether both are short, and `other` begins where `one` ends."""
    return one.end - one.x < NEAR and other.end - other.x < NEAR and other.x - one.end < NEAR


def as_one(marks: Sequence[Mark]) -> Mark:
    """Return one mark for neighbours."""
    if len(marks) == 1:
        return marks[0]
    first, last = marks[0], max(marks, key=lambda mark: mark.until_ms)
    bars = tuple(bar for mark in marks for bar in mark.bars)
    return Mark(bars, first.slot, first.begin_ms, last.until_ms, first.x, last.end)
