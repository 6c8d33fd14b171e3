"""The lanes in the execution table: for each of its rows, and for the gaps between them, what lasts there. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.trace.bars import Bar, Place
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline

from .gap_facts import Fact
from .lane_bands import Span, bands_of
from .lane_hands import Hands
from .lane_marks import BAND_LEFT, Cell, Segment, Tag, look_of, without_crowds
from .lane_places import LANES, RESERVED, Arrangement, Lane, arranged, kills_of, lanes_of, last_ms
from .row_places import LONG_MS, MIDDLE, RowPlaces, Spot

FILLED = 0.9
"""The share of a lane's width that its bars may take."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a step, several that share it, or the gap before a step."""

    steps: Sequence[Step]
    """Its steps, or those of the row after the gap."""
    cell: Cell
    gap_ms: float | None = None
    """The length of the gap; None in the row of a step."""
    facts: Sequence[Fact] = ()
    """What happened in the gap, or with the events of the steps."""

    @property
    def step(self) -> Step:
        """The last of its steps."""
        return self.steps[-1]

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


def draw_lane_rows(timeline: Timeline, groups: Sequence[Sequence[Step]], tags: Mapping[str, str]) -> LaneRows:
    """Return the table of groups of steps, each of which has a row; the last one is the current step alone.

    `tags` has the letter of each task's label.
    """
    if not groups:
        return LaneRows((), ())
    drawing = Drawing(timeline, RowPlaces(timeline, groups), tags)
    drawing.draw()
    return LaneRows(drawing.lanes, tuple(drawing.rows()))


def middle(index: int, lanes: int) -> float:
    """Return the middle of a lane as a share of the width of all lanes."""
    return round((index + MIDDLE) * pitch(lanes), 4)


def pitch(lanes: int) -> float:
    """Return the width of a lane as a share of that of all lanes."""
    return 1 / min(LANES, max(RESERVED, lanes))


class Drawing:
    """Places the bars and arrows of a timeline in rows."""

    def __init__(self, timeline: Timeline, places: RowPlaces, tags: Mapping[str, str]) -> None:
        self.timeline, self.places, self.tags = timeline, places, tags
        self.killed = kills_of(timeline)
        self.task_of = places.tasks()
        self.cells = [Cell() for _ in range(places.count)]
        self.lanes = lanes_of(timeline)
        self.lane_of = {place: lane for lane in self.lanes for place in lane.places}
        middles = {lane: middle(number, len(self.lanes)) for number, lane in enumerate(self.lanes)}
        self.x_of = {(place, ""): middles[lane] for place, lane in self.lane_of.items()}

    def draw(self) -> None:
        by_lane: dict[Lane, list[Bar]] = defaultdict(list)
        for bar in self.timeline.bars:
            if bar.place in self.lane_of and last_ms(bar) >= self.places.times[0]:
                by_lane[self.lane_of[bar.place]].append(bar)
        for lane, bars in by_lane.items():
            arrangement = arranged(bars)
            if arrangement.is_band:
                self.draw_band(lane, bars)
                self.draw_own(lane, arrangement)
            else:
                self.draw_chains(lane, arrangement)
        self.draw_deaths()
        Hands(self.places, self.lane_of, self.x_of).draw(self.timeline.arrows, self.cells)
        for cell in self.cells:
            cell.segments = list(without_crowds(cell.segments))

    def draw_chains(self, lane: Lane, arrangement: Arrangement) -> None:
        """Draw the bars of a lane beside each other."""
        apart = FILLED / max(RESERVED, len(self.lanes)) / max(2.5, arrangement.width)
        for index, chain in enumerate(arrangement.chains):
            slot = arrangement.slots[index] - (arrangement.width - 1) / 2
            for bar in chain.bars:
                x = round(self.x_of[bar.place, ""] + slot * apart, 4)
                self.x_of[bar.place, bar.task] = x
                self.draw_bar(lane, x, bar, is_own=False)

    def draw_band(self, lane: Lane, bars: Sequence[Bar]) -> None:
        """Draw how many bars of each look a lane has: its height follows the rows, its width the number."""
        spans = [Span(self.places.at(bar.begin), self.end_of(bar), bar) for bar in bars if not bar.at_gate]
        width = round(FILLED * pitch(len(self.lanes)), 4)
        left = round(self.x_of[lane.places[0], ""] - pitch(len(self.lanes)) / 2, 4)
        for cell, band in bands_of(lane, spans, len(self.cells), left, width):
            self.cells[cell].bands.append(band)

    def draw_own(self, lane: Lane, arrangement: Arrangement) -> None:
        """Draw in each row of a band the bar of the row's task, at the left end."""
        width = pitch(len(self.lanes))
        x = round(self.x_of[lane.places[0], ""] + width * (FILLED * BAND_LEFT - 0.5), 4)
        own = set(self.task_of.values()) - {""}
        for bar in (bar for chain in arrangement.chains for bar in chain.bars if bar.task in own):
            self.x_of[bar.place, bar.task] = x
            self.draw_bar(lane, x, bar, is_own=True)

    def end_of(self, bar: Bar) -> Spot:
        """Return the place of the end of a bar: the bottom of the current row if it goes on."""
        if bar.end_ms is None or bar.end_ms > self.timeline.now_ms:
            return self.places.last
        return self.places.spot(bar.end_ms)

    def draw_bar(self, lane: Lane, x: float, bar: Bar, is_own: bool) -> None:
        begin, end, look = self.places.at(bar.begin), self.end_of(bar), look_of(bar)
        killed = self.killed.get(bar.place) if bar.died else None
        finish = "raised" if bar.kind == "execution" and bar.success is False and bar.end_ms is not None else ""
        self.draw_tag(Tag(lane, x, self.tag_of(bar), bar.task_label, look == "failed", is_own), bar, begin)
        if killed and begin <= self.places.at(killed) <= end:
            self.add(Segment(lane, x, 0, 0, look, bar.task_label, "", is_own), begin, self.places.at(killed), bar)
            begin, look = self.places.at(killed), "unnoticed"
        self.add(Segment(lane, x, 0, 0, look, bar.task_label, finish, is_own), begin, end, bar)

    def add(self, segment: Segment, begin: Spot, end: Spot, bar: Bar) -> None:
        """Add the parts of a segment that lie in each row."""
        for cell in range(begin.cell, end.cell + 1):
            part = segment.between(
                begin.y if cell == begin.cell else 0.0, end.y if cell == end.cell else 1.0, is_end=cell == end.cell
            )
            is_elsewhere = segment.is_own and bar.task != self.task_of[cell]
            if not is_elsewhere and (part.y1 > part.y0 or part.end):
                self.cells[cell].segments.append(part)

    def draw_tag(self, tag: Tag, bar: Bar, begin: Spot) -> None:
        """Add the letter of a bar that begins with a row; of several in one lane, that of the row's task."""
        if not tag.text or begin.y != MIDDLE:
            return
        tags = self.cells[begin.cell].tags
        if bar.task == self.task_of[begin.cell] or not any(each.lane is tag.lane for each in tags):
            tags[:] = [each for each in tags if each.lane is not tag.lane]
            tags.append(tag)

    def tag_of(self, bar: Bar) -> str:
        """Return the letter that stands where a bar begins, with its delivery or its failure; empty without one."""
        letter = self.tags.get(bar.task_label, "")
        if not letter or bar.kind in ("locked", "storing", "paused"):
            return ""
        if bar.kind == "stored":
            return letter if bar.success else f"{letter}!"
        again = bar.kind == "execution" and (bar.delivery or 1) > 1
        return f"{letter}×{bar.delivery}" if again else letter

    def draw_deaths(self) -> None:
        """Mark the end of each process that died."""
        for process in self.timeline.processes:
            place = Place(process.role, process.pid)
            if place not in self.lane_of or process.died_ms is None or process.died_ms < self.places.times[0]:
                continue
            spot = self.places.at(process.killed) if process.killed else self.places.spot(process.died_ms)
            death = Segment(self.lane_of[place], self.x_of[place, ""], spot.y, spot.y, "death", end="died")
            self.cells[spot.cell].segments.append(death)

    def rows(self) -> Iterator[Row]:
        for number, group in enumerate(self.places.groups):
            cell = self.places.cell_of[number]
            yield Row(group, self.cells[cell], facts=self.places.own.get(number, ()))
            if number in self.places.gaps:
                following = self.places.groups[number + 1]
                yield Row(following, self.cells[cell + 1], self.places.gap_ms(number), self.places.gaps[number])
