"""The arrows of a timeline: hand-overs, from when they were sent to when they were received. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.trace.timeline import Arrow, ArrowKind, Timeline

from .time_axis import Axis
from .timeline_lanes import PAD, DrawnLane, percent

ARROWS = 20
"""The maximum arrows: the last ones, besides those of the task that the step is about."""


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """One arrow."""

    kind: ArrowKind
    task_label: str
    sent: float
    received: float
    """Both in milliseconds since the program's first event."""
    x1: str
    y1: float
    x2: str
    y2: float


def draw_arrows(
    timeline: Timeline, lanes: Sequence[DrawnLane], axis: Axis, task: str
) -> tuple[tuple[DrawnArrow, ...], int]:
    """Return the arrows between drawn lanes, and how many there are more."""
    by_place = {lane.place: lane for lane in lanes}
    between = [each for each in timeline.arrows if each.source in by_place and each.target in by_place]
    others = [each for each in between if each.task != task]
    own = [each for each in between if each.task == task][-ARROWS:]
    kept = [*others[max(0, len(others) - ARROWS + len(own)) :], *own]
    drawn = tuple(drawn_arrow(each, by_place[each.source], by_place[each.target], axis) for each in kept)
    return drawn, len(between) - len(drawn)


def drawn_arrow(arrow: Arrow, source: DrawnLane, target: DrawnLane, axis: Axis) -> DrawnArrow:
    """Return an arrow between the sides of two lanes' bars that face each other."""
    down = target.y > source.y
    return DrawnArrow(
        kind=arrow.kind,
        task_label=arrow.task_label,
        sent=round(arrow.sent.at_ms - axis.zero_ms, 3),
        received=round(arrow.received.at_ms - axis.zero_ms, 3),
        x1=percent(axis.fraction(arrow.sent.at_ms)),
        y1=source.bottom - PAD if down else source.y + PAD,
        x2=percent(axis.fraction(arrow.received.at_ms)),
        y2=target.y + PAD if down else target.bottom - PAD,
    )
