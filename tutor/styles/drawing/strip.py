"""The strip: the lanes of a run on one clock, from the program's first event to the step that is shown. Pure.

Widths are shares of the strip's, heights are in CSS pixels.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tutor.trace.bars import Bar
from tutor.trace.histories import Process
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline

from .lane_marks import look_of
from .lane_places import SLOTS, Arrangement, Lane, arranged, lanes_of, last_ms
from .time_axis import Axis, folded_axis, length_label, span

HEIGHT, CLOCK = 88.0, 16.0
"""The most pixels that all lanes have, and those of the clock below them."""
TALLEST, SPACE = 17.0, 2.0
"""The height of a lane if there are few, and the space below its bars."""
COLUMNS = 100
"""The columns of a band."""
NAMED = 0.1
"""The least width of a fold that has a word beside its length."""
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
class StripLane:
    """A lane of the strip."""

    lane: Lane
    y: float
    height: float
    bars: tuple[StripBar, ...]
    now: str
    """What goes on in it at the end of the clock, in a few words."""

    @property
    def middle(self) -> str:
        return f"{self.y + self.height / 2:.4g}"


@dataclass(frozen=True, slots=True)
class StripFold:
    x: float
    width: float
    label: str


@dataclass(frozen=True, slots=True)
class StripMark:
    """A step on the clock."""

    step: int
    x: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The lanes of a run on one clock."""

    axis: Axis
    lanes: tuple[StripLane, ...] = ()
    folds: tuple[StripFold, ...] = ()
    marks: tuple[StripMark, ...] = ()

    @property
    def height(self) -> float:
        """The height of the lanes."""
        return sum(lane.height for lane in self.lanes)

    @property
    def whole_height(self) -> str:
        """The height with that of the clock."""
        return f"{self.height + CLOCK:.4g}"

    @property
    def length(self) -> str:
        """The time from the beginning to the end of the clock."""
        return length_label(self.axis.now_ms - self.axis.zero_ms)


def draw_strip(timeline: Timeline, steps: Sequence[Step], tags: Mapping[str, str]) -> Strip:
    """Return the strip of a timeline, with a mark for each of `steps`; `tags` has the letter of each task's label.

    If there are steps before the first of `steps`, their time is folded.
    """
    begin_ms = steps[0].at_ms if steps and steps[0].number > 1 else None
    axis = folded_axis(timeline, [step.at_ms for step in steps], begin_ms)
    lanes = lanes_of(timeline)
    index = {place: number for number, lane in enumerate(lanes) for place in lane.places}
    bars: dict[int, list[Bar]] = defaultdict(list)
    for bar in timeline.bars:
        if bar.place in index:
            bars[index[bar.place]].append(bar)
    height = min(TALLEST, HEIGHT / max(1, len(lanes)))
    drawing = StripDrawing(axis, tags, height - SPACE)
    return Strip(
        axis,
        tuple(
            StripLane(
                lane,
                height * number,
                height,
                tuple(drawing.lane(bars[number])),
                now_in(lane, bars[number], timeline, tags),
            )
            for number, lane in enumerate(lanes)
        ),
        tuple(fold_of(axis, number) for number in range(len(axis.folds))),
        tuple(StripMark(step.number, round(axis.fraction(step.at_ms), 5)) for step in steps),
    )


def fold_of(axis: Axis, number: int) -> StripFold:
    fold = axis.folds[number]
    x = axis.fraction(fold.begin_ms)
    width = axis.fraction(fold.end_ms) - x
    said = "" if width < NAMED else " folded"
    return StripFold(round(x, 5), round(width, 5), f"{length_label(fold.length_ms)}{said}")


@dataclass(frozen=True, slots=True)
class StripDrawing:
    """Places the bars of a lane on a clock."""

    axis: Axis
    tags: Mapping[str, str]
    height: float
    """The height of the bars of a lane, beside each other."""

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
        for index, chain in enumerate(arrangement.chains):
            slot = arrangement.slots[index]
            for number, bar in enumerate(chain.bars):
                x, width = self.place(bar)
                is_covered = width <= LEAST and x - drawn.get(slot, -1.0) < LEAST
                if is_covered and last_ms(bar) <= self.axis.now_ms:  # What goes on now is drawn in any case.
                    continue
                drawn[slot] = x
                tag = self.tags.get(bar.task_label, "") if number == 0 else ""
                yield StripBar(look_of(bar), x, width, round(slot * height, 2), height, bar, tag)

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
        for bar in bars:
            x, width = self.place(bar)
            first, end = (min(COLUMNS, round(place * COLUMNS)) for place in (x, x + width))
            changes[first][look_of(bar)] += bar.count or 1
            changes[end][look_of(bar)] -= bar.count or 1
        live: Counter[str] = Counter()
        columns = []
        for change in changes[:COLUMNS]:
            live.update(change)
            columns.append(tuple(sorted((look, count) for look, count in live.items() if count)))
        return columns


def now_in(lane: Lane, bars: Sequence[Bar], timeline: Timeline, tags: Mapping[str, str]) -> str:
    """Return what goes on in a lane now, in a few words."""
    live = [bar for bar in bars if bar.begin.at_ms <= timeline.now_ms < last_ms(bar)]
    own = {(each.role, each.pid): each for each in timeline.processes}
    if len(lane.places) > 1:
        return f"{len(live)} go on" if live else ""
    if lane.of_table:
        return rows_now(live)
    return process_now(own.get(lane.places[0]), live, tags)


def rows_now(live: Sequence[Bar]) -> str:
    rows = sum(bar.count or 1 for bar in live)
    locked = sum(bar.kind == "locked" for bar in live)
    text = f"{rows} row{'' if rows == 1 else 's'}"
    if not locked:
        return text
    return f"{text}, locked" if locked == rows else f"{text}, {locked} locked"


def process_now(process: Process | None, live: Sequence[Bar], tags: Mapping[str, str]) -> str:
    if process and process.died_ms is not None:
        return "died"
    if process and process.ended:
        return "has ended"
    for bar in live:
        if bar.kind in ("program", "paused"):
            return "runs" if bar.kind == "program" else "waits"
        tag = tags.get(bar.task_label, "")
        delivery = f"×{bar.delivery}" if (bar.delivery or 1) > 1 else ""
        return f"{tag}{delivery} {'runs' if bar.kind == 'execution' else 'is stored'}"
    return ""
