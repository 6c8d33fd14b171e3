"""The timeline of a run at one of its steps, as a drawing: lanes, marks, arrows and signs on one clock. Pure.

Heights are in CSS pixels. Places on the clock are shares of its width in percent, so that the drawing fits every width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.trace.model import Step, Trace
from tutor.trace.timeline import timeline_at

from .time_axis import Axis
from .timeline_areas import DrawnBand, draw_bands
from .timeline_arrows import DrawnArrow, draw_arrows
from .timeline_flags import Flag, draw_flags
from .timeline_folds import DrawnFold, axis_of, draw_folds
from .timeline_lanes import TOP, DrawnLane, draw_lanes, percent
from .timeline_marks import DrawnMark, draw_marks
from .timeline_measure import Measure, overlap_of
from .timeline_overview import Overview, draw_overview
from .timeline_rows import rows_of
from .timeline_signs import Sign, draw_signs
from .timeline_texts import Writer


@dataclass(frozen=True, slots=True)
class TimelineDrawing:
    """The timeline."""

    axis: Axis
    overview: Overview
    lanes: tuple[DrawnLane, ...]
    bands: tuple[DrawnBand, ...]
    marks: tuple[DrawnMark, ...]
    left_out: int
    """How many bars have no mark of their own."""
    arrows: tuple[DrawnArrow, ...]
    arrows_left_out: int
    signs: tuple[Sign, ...]
    flags: tuple[Flag, ...]
    measure: Measure | None

    @property
    def bottom(self) -> float:
        """The y of the clock's line."""
        return self.lanes[-1].bottom if self.lanes else TOP

    @property
    def now(self) -> float:
        return round(self.axis.now_ms - self.axis.zero_ms, 3)

    @property
    def heights(self) -> Heights:
        return Heights(self.bottom)

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """(x, label) of each tick."""
        return [(percent(tick.fraction), tick.label) for tick in self.axis.ticks()]

    @property
    def folds(self) -> tuple[DrawnFold, ...]:
        return tuple(draw_folds(self.axis))

    @property
    def measure_line(self) -> MeasureLine | None:
        """The line of the measure; None if it isn't drawn."""
        lanes = [lane for lane in self.lanes if self.measure and lane.place == self.measure.place]
        if not self.measure or not lanes:
            return None
        ends = [self.axis.fraction(self.axis.zero_ms + at) for at in (self.measure.begin, self.measure.end)]
        return MeasureLine(lanes[0].bottom, percent(ends[0]), percent(ends[1]), percent(sum(ends) / 2))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of marks, arrows and signs that there are, for the legend."""
        marks, arrows = (mark.kind for mark in self.marks), (arrow.kind for arrow in self.arrows)
        return frozenset({*marks, *arrows, *(sign.kind for sign in self.signs), *(["band"] if self.bands else [])})


@dataclass(frozen=True, slots=True)
class Heights:
    """The y of what is below the lanes."""

    bottom: float

    @property
    def tick_end(self) -> float:
        return self.bottom + 5

    @property
    def tick_label(self) -> float:
        return self.bottom + 18

    @property
    def fold_label(self) -> float:
        return self.bottom + 35

    @property
    def view(self) -> float:
        """The height of the part that is zoomed, in which signs of no lane stand on the clock's line."""
        return self.bottom + 10

    @property
    def lanes(self) -> float:
        return self.bottom - TOP

    @property
    def all(self) -> float:
        return self.bottom + 42


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """The places of the line of a measure and its text."""

    y: float
    x1: str
    x2: str
    middle: str


def draw_timeline(trace: Trace, position: int) -> TimelineDrawing:
    """Return the drawing of `trace` at a step from 1 on."""
    timeline, state = timeline_at(trace, position), trace.state_at(position)
    step = trace.steps[position - 1]
    writer = Writer(trace.histories.tasks, timeline.processes, timeline.zero_ms, timeline.now_ms)
    steps = trace.steps[:position]
    axis = axis_of(timeline, [*(each.at_ms for each in steps), *(each.at_ms for each in state.notices)])
    rows = rows_of(timeline, axis, step.task)
    lanes = draw_lanes(rows, timeline, writer, step.event_number)
    marks = tuple(draw_marks(rows, lanes, axis, writer))
    bands = tuple(draw_bands(rows, lanes, axis))
    arrows, more = draw_arrows(timeline, lanes, axis, step.task)
    return TimelineDrawing(
        axis=axis,
        overview=draw_overview(lanes, marks, bands, axis),
        lanes=lanes,
        bands=bands,
        marks=marks,
        left_out=sum(mark.count for mark in marks if mark.count > 1),
        arrows=arrows,
        arrows_left_out=more,
        signs=tuple(draw_signs(timeline, state.notices, lanes, axis)),
        flags=draw_flags(steps, axis),
        measure=overlap_of(timeline, writer) or since_step_before(steps, writer),
    )


def since_step_before(steps: Sequence[Step], writer: Writer) -> Measure | None:
    """Return the time between the last two steps; None if there is only one."""
    if len(steps) < 2:
        return None
    before, step = steps[-2:]
    names = f"step {before.number}, {before.short}", f"step {step.number}, {step.short}"
    return Measure(*names, before.at_ms - writer.zero_ms, step.at_ms - writer.zero_ms, "between them")
