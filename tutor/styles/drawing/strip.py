"""The strip: the lanes of a run on one clock, from the program's first event to the step that is shown. Pure.

Widths are shares of the strip's, heights are in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from tutor.styles.templatetags.times import ms
from tutor.trace.bars import Place
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline

from .lane_places import Lane, bars_of, kills_of, lanes_of
from .lane_states import now_in
from .strip_bars import StripBar, StripDrawing
from .time_axis import Axis, folded_axis
from .timeline_signs import DrawnArrow, draw_arrows, lanes_by_place

HEIGHT, CLOCK = 88.0, 16.0
"""The most pixels that all lanes have, and those of the clock below them."""
TALLEST, SPACE = 17.0, 2.0
"""The height of a lane if there are few, and the space below its bars."""
APART = 0.0075
"""The least distance of two marks, if there is room."""
TIME, CHARACTER = 0.08, 0.0075
"""The widths of a time, and of a character of a label."""
NAMED = 0.1
"""The least width of a fold that has a word beside its length."""
ARROWS, INSET = 8, 5.0
"""The maximum arrows: the last ones; and how far inside its lanes an arrow begins and ends."""


@dataclass(frozen=True, slots=True)
class StripLane:
    """A lane of the strip."""

    lane: Lane
    y: float
    height: float
    bars: tuple[StripBar, ...]
    now: str
    """What goes on in it at the end of the clock, in a few words."""

    def ends_of(self, _task: str) -> tuple[float, float]:
        """Return the y of an arrow's end in it, above and below."""
        return self.y + INSET, self.y + self.height - INSET

    @property
    def middle(self) -> str:
        return f"{self.y + self.height / 2:.4g}"


@dataclass(frozen=True, slots=True)
class StripFold:
    x: float
    width: float
    label: str

    @property
    def label_width(self) -> float:
        return CHARACTER * len(self.label)

    @property
    def label_x(self) -> float:
        """The middle of its label: that of the fold, unless the time of the step is there."""
        return min(self.x + self.width / 2, 1 - TIME - self.label_width / 2)

    def covers(self, x: float) -> bool:
        """Return whether its label is where the time at `x` would be."""
        return abs(x - self.label_x) < (self.label_width + TIME) / 2


@dataclass(frozen=True, slots=True)
class StripMark:
    """A step on the clock."""

    step: int
    x: float
    """Where its mark is; the marks of steps that are close together are spread."""
    at: float
    """Where it was."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The lanes of a run on one clock."""

    axis: Axis
    lanes: tuple[StripLane, ...] = ()
    folds: tuple[StripFold, ...] = ()
    arrows: tuple[DrawnArrow, ...] = ()
    """The last hand-overs from the queue to workers: only they take a time that can be seen in it."""
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
        return ms(self.axis.now_ms - self.axis.zero_ms)


def draw_strip(
    timeline: Timeline,
    steps: Sequence[Step],
    tags: Mapping[str, str],
    at_end: Collection[Place] = (),
    axis: Axis | None = None,
) -> Strip:
    """Return the strip of a timeline, with a mark for each of `steps`; `tags` has the letter of each task's label.

    `at_end` has the callers that are at the end of their program.

    Without an `axis`, long times in which nothing happens are folded, and that of steps before the first of `steps`.
    """
    begin_ms = steps[0].at_ms if steps and steps[0].number > 1 else None
    axis = axis or folded_axis(timeline, [step.at_ms for step in steps], begin_ms)
    lanes = lanes_of(timeline)
    height = min(TALLEST, HEIGHT / max(1, len(lanes)))
    drawing = StripDrawing(axis, tags, height - SPACE, kills_of(timeline))
    drawn = tuple(
        StripLane(lane, height * number, height, tuple(drawing.lane(bars)), now_in(lane, bars, timeline, tags, at_end))
        for number, (lane, bars) in enumerate(zip(lanes, bars_of(lanes, timeline), strict=True))
    )
    given = replace(timeline, arrows=tuple(each for each in timeline.arrows if each.kind == "give"))
    return Strip(
        axis,
        drawn,
        tuple(fold_of(axis, number) for number in range(len(axis.folds))),
        tuple(draw_arrows(given, lanes_by_place(drawn), axis, "", ARROWS)[0]),
        tuple(marks_of(axis, steps)),
    )


def marks_of(axis: Axis, steps: Sequence[Step]) -> Iterator[StripMark]:
    """Yield the marks of steps, the last one where it was; crowded ones are moved to the left, or then to the right."""
    apart = min(APART, 1 / max(1, len(steps) - 1))
    places = [axis.fraction(step.at_ms) for step in steps]
    free = list(accumulate(reversed(places), lambda right, at: min(at, right - apart)))[::-1]
    for index, (step, at, x) in enumerate(zip(steps, places, free, strict=True)):
        yield StripMark(step.number, round(max(x, index * apart), 5), round(at, 5))


def fold_of(axis: Axis, number: int) -> StripFold:
    fold = axis.folds[number]
    x = axis.fraction(fold.begin_ms)
    width = axis.fraction(fold.end_ms) - x
    said = "" if width < NAMED else " folded"
    return StripFold(round(x, 5), round(width, 5), f"{ms(fold.length_ms)}{said}")
