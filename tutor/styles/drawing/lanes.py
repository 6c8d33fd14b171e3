"""The lanes of a run: a line for each process, with a mark for each of its steps, on one clock. Pure.

The place of a mark depends only on the steps before it, so marks don't move as more follow. The distance between two
marks has a minimum and grows with the logarithm of the time between their steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10

from tutor.trace.model import Step

FIRST, LEAST, DECADE = 26.0, 40.0, 14.0
"""The x of the first mark, the least distance between two marks, and what each power of ten of milliseconds adds."""
LANE, TOP, AXIS = 34.0, 17.0, 24.0
"""The height of a lane, the y of the first lane's line, and the height of the clock below the last lane."""

MARK, DIGIT, MARGIN = 20.0, 7.0, 6.0
"""The height and least width of a mark, the width of a digit in it, and the space beside its number."""


@dataclass(frozen=True, slots=True)
class ProcessLane:
    """The line of one process."""

    role: str
    pid: int
    label: str
    """Its name on pages, such as "worker A"."""
    y: float
    steps: tuple[int, ...]
    """The numbers of the steps that the process made."""


@dataclass(frozen=True, slots=True)
class StepMark:
    """The mark of one step, on the lane of the process that made it."""

    step: Step
    x: float
    y: float
    now: bool
    """Whether it is the step that the page shows."""
    join: str = ""
    """The SVG path from the mark before; empty for the first."""

    @property
    def width(self) -> float:
        """The width of its shape, which has room for the number of the step."""
        return max(MARK, MARGIN + DIGIT * len(str(self.step.number)))

    @property
    def half(self) -> float:
        """The distance from its middle to the left end of its shape."""
        return self.width / 2


@dataclass(frozen=True, slots=True)
class LanesDrawing:
    """The lanes, their marks and the clock, in CSS pixels."""

    lanes: tuple[ProcessLane, ...]
    marks: tuple[StepMark, ...]
    left: float
    """The x at which the drawing begins."""
    width: float
    height: float
    clock: float
    """The y of the baseline of the times."""


def draw_lanes(steps: Sequence[Step], before: Sequence[Step] = ()) -> LanesDrawing:
    """Return the lanes of `steps`; the page shows the last of them.

    The steps `before` them aren't drawn, but count for the places of the others.
    """
    drawn = {(step.process, step.pid) for step in steps}
    labels = {(step.process, step.pid): step.process_label for step in (*before, *steps)}
    heights = {process: TOP + LANE * index for index, process in enumerate(each for each in labels if each in drawn)}
    marks: list[StepMark] = []
    for step, x in zip(steps, places((*before, *steps))[len(before) :], strict=True):
        mark = StepMark(step, x, heights[step.process, step.pid], step is steps[-1])
        marks.append(replace(mark, join=join(marks[-1], mark)) if marks else mark)
    bottom = LANE * len(heights)
    left = round(marks[0].x - FIRST, 1) if marks else 0.0
    return LanesDrawing(
        lanes=tuple(
            ProcessLane(*process, labels[process], y, tuple(s.number for s in steps if (s.process, s.pid) == process))
            for process, y in heights.items()
        ),
        marks=tuple(marks),
        left=left,
        width=round((marks[-1].x if marks else 0.0) + FIRST - left, 1),
        height=bottom + AXIS,
        clock=bottom + AXIS - 8,
    )


def places(steps: Sequence[Step]) -> list[float]:
    """Return the x of the mark of each step."""
    found: list[float] = []
    for number, step in enumerate(steps):
        passed_ms = step.at_ms - steps[number - 1].at_ms
        found.append(round(found[-1] + distance(passed_ms), 1) if found else FIRST)
    return found


def distance(passed_ms: float) -> float:
    return LEAST + DECADE * log10(1 + max(0.0, passed_ms))


def join(one: StepMark, other: StepMark) -> str:
    middle = (one.x + other.x) / 2
    return f"M{one.x} {one.y}C{middle:.1f} {one.y} {middle:.1f} {other.y} {other.x} {other.y}"
