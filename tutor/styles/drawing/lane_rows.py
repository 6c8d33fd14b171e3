"""The lanes in the execution table: for each of its rows, and for the gaps between them, what lasts there. Pure.

What begins with a row's event begins in the middle of the row. A gap is a row of its own where something begins or ends
between two steps, or where much time passes; inside it, time is proportional to height.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Point
from tutor.trace.model import Step
from tutor.trace.timeline import Arrow, Timeline

from .gap_facts import Fact, facts_of
from .lane_marks import Band, Cell, Hand, Segment, Tag, look_of, without_crowds
from .lane_places import LANES, RESERVED, SLOTS, Arrangement, Lane, arranged, lanes_of, last_ms

LONG_MS = 250.0
"""The least time between two steps that is a gap whatever happens in it."""
MIDDLE = 0.5
SAMPLES = 6
"""The maximum heights of a band in one row."""
HANDS = 3
"""The maximum arrows in a gap; of more, none is drawn."""


class Spot(NamedTuple):
    """A moment as a place in the table."""

    cell: int
    """The index of the row, counting gaps."""
    y: float
    """The share of the row's height that is above it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a step, or the gap before a step."""

    step: Step
    """The step, or the one after the gap."""
    cell: Cell
    gap_ms: float | None = None
    """The length of the gap; None in the row of a step."""
    facts: tuple[Fact, ...] = ()
    """What happened in the gap."""

    @property
    def is_long(self) -> bool:
        return self.gap_ms is not None and self.gap_ms >= LONG_MS


@dataclass(frozen=True, slots=True)
class LaneRows:
    """The lanes, and the rows of the table with what they have in them."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]

    @property
    def places(self) -> tuple[tuple[Lane, float], ...]:
        """The lanes with their middles, as shares of the width."""
        return tuple((lane, middle(index, len(self.lanes))) for index, lane in enumerate(self.lanes))


def draw_lane_rows(timeline: Timeline, steps: Sequence[Step], tags: Mapping[str, str]) -> LaneRows:
    """Return the table of `steps`, the last of which is the current one; `tags` has the letter of each task's label."""
    if not steps:
        return LaneRows((), ())
    drawing = Drawing(timeline, steps, tags)
    return LaneRows(drawing.lanes, tuple(drawing.rows()))


def middle(index: int, lanes: int) -> float:
    """Return the middle of a lane as a share of the width of all lanes."""
    return (index + MIDDLE) / min(LANES, max(RESERVED, lanes))


class Drawing:
    """Places the bars and arrows of a timeline in the rows of some steps."""

    def __init__(self, timeline: Timeline, steps: Sequence[Step], tags: Mapping[str, str]) -> None:
        self.timeline, self.steps, self.tags = timeline, steps, tags
        self.times = list(accumulate((step.at_ms for step in steps), max))
        self.numbers = {step.event_number: row for row, step in enumerate(steps)}
        self.exact = {step.at_ms: row for row, step in enumerate(steps)}
        self.killed = {(each.role, each.pid): each.killed for each in timeline.processes if each.killed}
        self.gaps = self.find_gaps()
        self.cell_of = list(accumulate((1 + (row in self.gaps) for row in range(len(steps) - 1)), initial=0))
        self.cells = [Cell() for _ in range(self.cell_of[-1] + 1)]
        self.task_of = self.tasks_of_cells()
        self.lanes = lanes_of(timeline)
        self.index = {place: number for number, lane in enumerate(self.lanes) for place in lane.places}
        self.x_of: dict[tuple[Place, str], float] = {}
        self.draw()

    def find_gaps(self) -> dict[int, tuple[Fact, ...]]:
        """Return the index of the row before each gap, with what happened in the gap."""
        found: dict[int, list[Fact]] = defaultdict(list)
        for fact in facts_of(self.timeline):
            row = bisect_right(self.times, fact.at_ms) - 1
            if fact.at_ms not in self.exact and 0 <= row < len(self.steps) - 1:
                found[row].append(fact)
        for row in range(len(self.steps) - 1):
            if self.times[row + 1] - self.times[row] >= LONG_MS:
                found.setdefault(row, [])
        return {row: tuple(sorted(facts, key=lambda fact: fact.at_ms)) for row, facts in found.items()}

    def tasks_of_cells(self) -> dict[int, str]:
        """Return the task of each row; of a gap if it is between two rows of one task."""
        tasks = {cell: step.task for cell, step in zip(self.cell_of, self.steps, strict=True)}
        for row in self.gaps:
            one, other = self.steps[row].task, self.steps[row + 1].task
            tasks[self.cell_of[row] + 1] = one if one == other else ""
        return tasks

    def spot(self, at_ms: float, number: int = 0) -> Spot:
        """Return the place of a time, or of the event with that number."""
        row = self.numbers.get(number)
        if row is None or self.steps[row].at_ms != at_ms:
            row = self.exact.get(at_ms)
        if row is not None:
            return Spot(self.cell_of[row], MIDDLE)
        row = bisect_right(self.times, at_ms) - 1
        if row < 0:
            return Spot(0, 0.0)
        if row == len(self.steps) - 1:
            return Spot(self.cell_of[row], 1.0)
        if row not in self.gaps:
            return Spot(self.cell_of[row], 1.0)
        passed = (at_ms - self.times[row]) / (self.times[row + 1] - self.times[row])
        return Spot(self.cell_of[row] + 1, round(passed, 3))

    def at(self, point: Point) -> Spot:
        return self.spot(point.at_ms, point.number)

    def end_of(self, bar: Bar) -> Spot:
        """Return the place of the end of a bar: the bottom of the current row if it goes on."""
        if bar.end_ms is None or bar.end_ms > self.timeline.now_ms:
            return self.last
        return self.spot(bar.end_ms)

    def draw(self) -> None:
        by_lane: dict[int, list[Bar]] = defaultdict(list)
        for bar in self.timeline.bars:
            if bar.place in self.index and last_ms(bar) >= self.times[0]:
                by_lane[self.index[bar.place]].append(bar)
        for number, lane in enumerate(self.lanes):
            arrangement = arranged(by_lane[number])
            if arrangement.is_band:
                self.draw_band(number, lane, by_lane[number])
            self.draw_chains(number, lane, arrangement)
        self.draw_deaths()
        self.draw_hands()
        for cell in self.cells:
            cell.segments = list(without_crowds(cell.segments))

    def draw_chains(self, number: int, lane: Lane, arrangement: Arrangement) -> None:
        """Draw the bars of a lane in their slots; in a band, in each row only that of its task."""
        center, pitch = (
            middle(number, len(self.lanes)),
            0.9 / max(RESERVED, len(self.lanes)) / max(2.5, arrangement.width),
        )
        own = {step.task for step in self.steps} - {""}
        for index, chain in enumerate(arrangement.chains):
            if arrangement.is_band:
                x, is_own = center, True
                if chain.bars[0].task not in own:
                    continue
            else:
                x, is_own = center + (arrangement.slots[index] - (arrangement.width - 1) / 2) * pitch, False
            x = round(x, 4)
            for bar in chain.bars:
                self.x_of[bar.place, bar.task] = x
                self.draw_bar(lane, x, bar, is_own)

    def draw_bar(self, lane: Lane, x: float, bar: Bar, is_own: bool) -> None:
        begin = self.at(bar.begin)
        end = self.end_of(bar)
        killed = self.killed.get(bar.place) if bar.died else None
        look = look_of(bar)
        finish = "raised" if bar.kind == "execution" and bar.success is False else ""
        if killed and begin <= self.at(killed) <= end:
            self.add(lane, x, begin, self.at(killed), look, bar, "", is_own)
            begin, look = self.at(killed), "unnoticed"
        self.add(lane, x, begin, end, look, bar, finish if bar.end_ms is not None else "", is_own)
        text = self.tag_of(bar)
        if text and begin.y == MIDDLE and begin == self.at(bar.begin):
            tags = self.cells[begin.cell].tags
            if not any(tag.lane is lane for tag in tags) or bar.task == self.step_at(begin).task:
                tags[:] = [tag for tag in tags if tag.lane is not lane]
                tags.append(Tag(lane, x, text, bar.task_label, look == "failed"))

    @property
    def last(self) -> Spot:
        """The bottom of the current row."""
        return Spot(len(self.cells) - 1, 1.0)

    def step_at(self, spot: Spot) -> Step:
        return self.steps[self.cell_of.index(spot.cell)]

    def tag_of(self, bar: Bar) -> str:
        """Return the letter that stands where a bar begins, with its delivery or its failure; empty without one."""
        letter = self.tags.get(bar.task_label, "")
        if not letter or bar.kind in ("locked", "storing"):
            return ""
        if bar.kind == "stored":
            return letter if bar.success else f"{letter}!"
        again = bar.kind == "execution" and (bar.delivery or 1) > 1
        return f"{letter}×{bar.delivery}" if again else letter

    def add(self, lane: Lane, x: float, begin: Spot, end: Spot, look: str, bar: Bar, finish: str, is_own: bool) -> None:
        """Add the segments of a bar, or of a part of it."""
        for cell in range(begin.cell, end.cell + 1):
            y0 = begin.y if cell == begin.cell else 0.0
            y1 = end.y if cell == end.cell else 1.0
            is_end = cell == end.cell
            if is_own and bar.task != self.task_of[cell]:
                continue
            if y1 > y0 or (is_end and finish):
                self.cells[cell].segments.append(
                    Segment(lane, x, y0, y1, look, bar.task_label, finish if is_end else "", is_own)
                )

    def draw_band(self, number: int, lane: Lane, bars: Sequence[Bar]) -> None:
        """Draw how many bars of each look a lane has: its height follows the rows, its width the number."""
        spans = [(self.at(bar.begin), self.end_of(bar), bar) for bar in bars]
        cuts: dict[int, set[float]] = defaultdict(lambda: {0.0, 1.0})
        for begin, end, _ in spans:
            cuts[begin.cell].add(begin.y)
            cuts[end.cell].add(end.y)
        counted = [
            (cell, y0, y1, counts_between(spans, Spot(cell, y0), Spot(cell, y1)))
            for cell in range(len(self.cells))
            for y0, y1 in pieces(sorted(cuts[cell]))
        ]
        # A power of two, so that the rows before stay as they are when one more follows.
        most = 1 << (max(SLOTS, *(sum(counts.values()) for *_, counts in counted)) - 1).bit_length()
        left = middle(number, len(self.lanes)) - MIDDLE / max(RESERVED, len(self.lanes))
        before = sum(counted[0][3].values())
        for cell, y0, y1, counts in counted:
            total, is_last = sum(counts.values()), cell == len(self.cells) - 1
            if total:
                shares = tuple((look, round(count / most, 3)) for look, count in counts.items())
                width = round(0.9 / max(RESERVED, len(self.lanes)), 4)
                self.cells[cell].bands.append(
                    Band(lane, round(left, 4), width, y0, y1, shares, total, total != before or is_last)
                )
            before = total

    def draw_deaths(self) -> None:
        """Mark the end of each process that died."""
        for process in self.timeline.processes:
            place = Place(process.role, process.pid)
            if place not in self.index or process.died_ms is None or process.died_ms < self.times[0]:
                continue
            lane, x = self.lanes[self.index[place]], middle(self.index[place], len(self.lanes))
            spot = self.at(process.killed) if process.killed else self.spot(process.died_ms)
            self.cells[spot.cell].segments.append(Segment(lane, round(x, 4), spot.y, spot.y, "death", end="died"))

    def draw_hands(self) -> None:
        """Draw the arrows, and a dot for each step that has none."""
        seen: set[tuple[Spot, float, float]] = set()
        in_gaps: Counter[int] = Counter()
        for arrow in self.timeline.arrows:
            for hand, spot in self.arrow(arrow):
                if (key := (spot, hand.x, hand.to or 0.0)) not in seen:
                    seen.add(key)
                    in_gaps[spot.cell] += spot.y != MIDDLE
                    self.cells[spot.cell].hands.append(hand)
        for crowded in (self.cells[cell] for cell, count in in_gaps.items() if count > HANDS):
            crowded.hands = [hand for hand in crowded.hands if hand.y == MIDDLE]
        for row, step in enumerate(self.steps):
            place, cell = Place(step.process, step.pid), self.cells[self.cell_of[row]]
            if place in self.index:
                lane, x = self.lanes[self.index[place]], round(middle(self.index[place], len(self.lanes)), 4)
                taken = {each.lane for each in cell.tags} | {each.lane for each in cell.hands if each.y == MIDDLE}
                if lane not in taken:
                    cell.hands.append(Hand(lane, x, MIDDLE))

    def arrow(self, arrow: Arrow) -> Iterator[tuple[Hand, Spot]]:
        """Yield an arrow with the place where it is drawn: a result where it was sent, others where they came."""
        if arrow.source not in self.index or arrow.target not in self.index:
            return
        point = arrow.sent if arrow.kind == "result" else arrow.received
        if arrow.received.at_ms < self.times[0] or point.at_ms < self.times[0]:
            return
        source, target = self.index[arrow.source], self.index[arrow.target]
        if source == target:
            return
        x, to = self.x(arrow.source, arrow.task), self.x(arrow.target, arrow.task)
        spot = self.at(point)
        tagged = any(tag.lane is self.lanes[target] for tag in self.cells[spot.cell].tags) and spot.y == MIDDLE
        yield Hand(self.lanes[source], x, spot.y, to, arrow.task_label, tagged), spot

    def x(self, place: Place, task: str) -> float:
        """Return the middle of the bar of a task in a lane, or of the lane."""
        return self.x_of.get((place, task)) or round(middle(self.index[place], len(self.lanes)), 4)

    def rows(self) -> Iterator[Row]:
        for row, step in enumerate(self.steps):
            yield Row(step, self.cells[self.cell_of[row]])
            if row in self.gaps:
                following = self.steps[row + 1]
                gap_ms = self.times[row + 1] - self.times[row]
                yield Row(following, self.cells[self.cell_of[row] + 1], gap_ms, self.gaps[row])


def pieces(cuts: Sequence[float]) -> list[tuple[float, float]]:
    """Return the stretches between the cuts of a row, at most `SAMPLES`."""
    if len(cuts) > SAMPLES + 1:
        cuts = [*(cuts[len(cuts) * number // SAMPLES] for number in range(SAMPLES)), cuts[-1]]
    return list(pairwise(cuts))


def counts_between(spans: Sequence[tuple[Spot, Spot, Bar]], top: Spot, bottom: Spot) -> dict[str, int]:
    """Return look → number of the bars that last from `top` to `bottom`."""
    counts: dict[str, int] = {}
    for begin, end, bar in spans:
        if begin <= top and end >= bottom:
            look = look_of(bar)
            counts[look] = counts.get(look, 0) + (bar.count or 1)
    return counts
