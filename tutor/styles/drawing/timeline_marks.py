"""The marks of a timeline, as rectangles with their texts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.trace.bars import Place

from .time_axis import Axis
from .timeline_lanes import BAR, PAD, SLOT, SLOT_GAP, DrawnLane, percent
from .timeline_rows import LaneRows, Mark
from .timeline_signs import end_of_life
from .timeline_texts import Writer, clock, length

CHARACTER, MARGIN, NARROW = 6.8, 12.0, 640.0
"""The widths of a character, of the space beside a text in a bar, and of the drawing where no script fits it."""


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """One mark, and what is said of it."""

    number: int
    kind: str
    lane: DrawnLane
    x: str
    width: str
    y: float
    height: float
    begin: float
    """In milliseconds since the program's first event, as are all times of the drawing."""
    end: float | None
    until: float
    """Where the rectangle ends."""
    raised: bool
    label: str
    """The text that it has room for where it is wide enough."""
    label_x: str
    fits: bool
    """Whether it is wide enough where no script measures it."""
    what: str
    facts: list[str]
    task_label: str
    count: int
    """The number of bars that it stands for."""

    @property
    def text_y(self) -> float:
        return self.y + self.height / 2 + 4

    @property
    def begin_text(self) -> str:
        return clock(self.begin)

    @property
    def end_text(self) -> str:
        return "goes on" if self.end is None else clock(self.end)

    @property
    def length_text(self) -> str:
        return length(self.until - self.begin) + (" so far" if self.end is None else "")


def draw_marks(rows: Sequence[LaneRows], lanes: Sequence[DrawnLane], axis: Axis, writer: Writer) -> Iterator[DrawnMark]:
    """Yield the marks in the order in which they begin, so that a later one covers an earlier one."""
    dead = end_of_life(writer.processes)
    all_marks = sorted((mark for each in rows for mark in each.marks), key=lambda mark: mark.begin_ms)
    for number, mark in enumerate(all_marks, 1):
        lane, content = lanes[mark.lane], rows[mark.lane]
        y, height = box_of(mark, lane, content)
        until = drawn_until(mark, dead, axis.now_ms)
        begin, end = axis.fraction(mark.begin_ms), axis.fraction(until)
        room = widest_room(mark.begin_ms, until, axis)
        label = writer.label(mark, alone=content.slots == 1)
        yield DrawnMark(
            number=number,
            kind=mark.bars[0].kind,
            lane=lane,
            x=percent(begin),
            width=percent(end - begin),
            y=y,
            height=height,
            begin=round(mark.begin_ms - axis.zero_ms, 3),
            end=None if mark.end_ms is None else round(mark.end_ms - axis.zero_ms, 3),
            until=round(until - axis.zero_ms, 3),
            raised=mark.bars[0].kind == "execution" and mark.bars[-1].success is False,
            label=label,
            label_x=percent(room[0]),
            fits=(room[1] - room[0]) * NARROW > CHARACTER * len(label) + MARGIN and height > 14,
            what=writer.what(mark),
            facts=writer.facts(mark),
            task_label=mark.bars[0].task_label if len(mark.bars) == 1 else "",
            count=len(mark.bars),
        )


def box_of(mark: Mark, lane: DrawnLane, rows: LaneRows) -> tuple[float, float]:
    """Return the y and the height of a mark."""
    if rows.highest:
        return lane.bottom - PAD - 4, 4.0
    return lane.y + PAD + mark.slot * (SLOT + SLOT_GAP), BAR if rows.slots == 1 else SLOT


def drawn_until(mark: Mark, dead: Mapping[Place, float], now_ms: float) -> float:
    """Return where a mark's rectangle ends: at the latest now, and when its process died or was last heard of."""
    until = mark.until(now_ms)
    bar = mark.bars[-1]
    if (bar.died or bar.end_ms is None) and bar.place in dead:
        return max(mark.begin_ms, min(until, dead[bar.place]))
    return until


def widest_room(begin_ms: float, end_ms: float, axis: Axis) -> tuple[float, float]:
    """Return the two ends of the widest part of a bar that isn't folded, as shares of the clock."""
    zero = axis.zero_ms
    parts = [
        (axis.fraction(max(begin_ms, begin + zero)), axis.fraction(min(end_ms, end + zero)))
        for begin, end in axis.stretches()
        if begin + zero <= end_ms and end + zero >= begin_ms
    ]
    return max(parts, key=lambda part: part[1] - part[0], default=(0.0, 0.0))
