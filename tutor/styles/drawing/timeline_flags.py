"""The flags of a timeline: the numbers of its steps, spread where they crowd, with lines to their times. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.trace.model import Step

from .time_axis import Axis
from .timeline_lanes import percent

FLAGS, GAP = 24, 1 / 26
"""The maximum flags, which are those of the last steps, and the least distance between two, as a share of the clock."""
ROOM, OF_CHARACTER = 0.02, 0.0105
"""The distance of a name from the middle of its flag, and the width of a character, as shares of the clock."""


@dataclass(frozen=True, slots=True)
class Flag:
    """The number of a step."""

    step: Step
    at: float
    """In milliseconds since the program's first event."""
    x: str
    """The place of its time."""
    flag_x: str
    """The place of the number."""
    fits: bool
    """Whether its name has room beside it where no script measures it."""
    now: bool
    """Whether it's the step that the page shows."""


def draw_flags(steps: Sequence[Step], axis: Axis) -> tuple[Flag, ...]:
    """Return the flags of the last of `steps`."""
    shown = steps[-FLAGS:]
    places = [axis.fraction(step.at_ms) for step in shown]
    spread_places = [*spread(places, GAP), 2.0]
    return tuple(
        Flag(
            step,
            round(step.at_ms - axis.zero_ms, 3),
            percent(place),
            percent(at),
            following - at > ROOM + GAP / 2 + OF_CHARACTER * len(step.short) and step is not shown[-1],
            step is shown[-1],
        )
        for step, place, (at, following) in zip(shown, places, pairwise(spread_places), strict=True)
    )


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places from 0 to 1 in the same order, at least `gap` apart, and near the given ones.

    They are nearer to each other than `gap` if there would be no room for all of them.
    """
    gap = min(gap, 1 / max(1, len(places) - 1))
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + gap) if found else place)
    limit = 1.0
    for index in range(len(found) - 1, -1, -1):
        found[index] = max(0.0, min(found[index], limit))
        limit = found[index] - gap
    return found
