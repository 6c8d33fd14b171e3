"""Who is doing what: a line for each process that has made a step, on one clock. Pure.

A mark's place depends on what came before it alone, so that it stays where it is as more marks follow: each stretch has
a least width, and grows with the logarithm of the time that passed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from tutor.trace.model import Step

FIRST, LEAST, DECADE = 26.0, 40.0, 14.0
"""The first mark's x, the least distance of two, and what each power of ten of milliseconds adds to it."""
LANE, TOP, AXIS = 34.0, 17.0, 24.0
"""The height of a lane, the y of the first one's line, and the height of the clock below the last."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One process."""

    role: str
    pid: int
    y: float
    steps: tuple[int, ...]
    """The numbers of the steps that it made."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One step, on the lane of the process that made it."""

    step: Step
    x: float
    y: float
    now: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole drawing, in CSS pixels."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    joins: tuple[str, ...]
    """The way from each mark to the next, as SVG paths."""
    width: float
    height: float
    clock: float
    """The y of the times' baseline."""


def lanes(steps: Sequence[Step]) -> Lanes:
    """The lanes of `steps`, the last of which is the one that is shown."""
    processes = list(dict.fromkeys((step.process, step.pid) for step in steps))
    heights = {process: TOP + LANE * index for index, process in enumerate(processes)}
    marks: list[Mark] = []
    for step in steps:
        x = marks[-1].x + stretch(step.at_ms - marks[-1].step.at_ms) if marks else FIRST
        marks.append(Mark(step, round(x, 1), heights[step.process, step.pid], step is steps[-1]))
    bottom = LANE * len(processes)
    return Lanes(
        lanes=tuple(
            Lane(role, pid, y, tuple(s.number for s in steps if (s.process, s.pid) == (role, pid)))
            for (role, pid), y in heights.items()
        ),
        marks=tuple(marks),
        joins=tuple(join(one, other) for one, other in itertools.pairwise(marks)),
        width=(marks[-1].x if marks else 0.0) + FIRST,
        height=bottom + AXIS,
        clock=bottom + AXIS - 8,
    )


def stretch(passed_ms: float) -> float:
    return LEAST + DECADE * log10(1 + max(0.0, passed_ms))


def join(one: Mark, other: Mark) -> str:
    middle = (one.x + other.x) / 2
    return f"M{one.x} {one.y}C{middle:.1f} {one.y} {middle:.1f} {other.y} {other.x} {other.y}"
