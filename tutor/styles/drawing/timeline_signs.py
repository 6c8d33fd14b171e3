"""The signs of a timeline: arrows for hand-overs, deaths, gates and interventions, and flags for steps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol, TypeVar

from tutor.trace.bars import Place
from tutor.trace.histories import Process
from tutor.trace.model import Step
from tutor.trace.state import Notice
from tutor.trace.timeline import Arrow, Timeline

from .lane_places import Lane
from .time_axis import Axis
from .timeline_lanes import MarkedLane
from .timeline_texts import clock

SIGNS = 12
"""The maximum gates and interventions: the last ones."""
NOTICES = {"gate": "gate", "gate_expired": "gate", "intervened": "intervention"}
"""Kind of a notice → its sign."""
GAP, ROOM, OF_CHARACTER = 1 / 24, 0.02, 0.0105
"""The least distance of two flags, that of a name from its flag, and the width of a character, as shares of a clock."""


@dataclass(frozen=True, slots=True)
class DrawnArrow:
    """One arrow. Its x are shares of the clock, as those of all signs."""

    arrow: Arrow
    x1: float
    y1: float
    x2: float
    y2: float
    look: str
    """What decides its colour: that of the lane from which it comes."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign."""

    kind: Literal["death", "gate", "intervention"]
    text: str
    at: float
    """In milliseconds since the program's first event."""
    x: float
    lane: MarkedLane | None
    """None if it belongs to no lane."""
    unknown: tuple[float, float] | None = None
    """Of a death: from where to where nothing was known of the process, before its death was noticed."""

    @property
    def place(self) -> str:
        return self.lane.lane.label if self.lane else "lab"

    @property
    def at_text(self) -> str:
        return clock(self.at)


@dataclass(frozen=True, slots=True)
class Flag:
    """The number of a step."""

    step: Step
    x: float
    """The place of its time."""
    flag_x: float
    """The place of the number."""
    fits: bool
    """Whether its name has room beside it where no script measures it."""
    now: bool
    """Whether it's the step that the page shows."""


class ArrowLane(Protocol):
    """A lane with arrows."""

    @property
    def lane(self) -> Lane: ...

    @property
    def y(self) -> float: ...

    def ends_of(self, task: str, /) -> tuple[float, float]:
        """Return the y of the upper and of the lower end of what an arrow about a task leads to."""


DrawnLane = TypeVar("DrawnLane", bound=ArrowLane)


def lanes_by_place(lanes: Iterable[DrawnLane]) -> dict[Place, DrawnLane]:
    return {place: lane for lane in lanes for place in lane.lane.places}


def draw_arrows(
    timeline: Timeline, lanes: Mapping[Place, ArrowLane], axis: Axis, task: str, most: int
) -> tuple[list[DrawnArrow], int]:
    """Return the last `most` arrows between two lanes, those of `task` first, and how many there are more."""
    between = [each for each in timeline.arrows if lanes.get(each.source) is not lanes.get(each.target)]
    between = [each for each in between if each.source in lanes and each.target in lanes]
    own = [each for each in between if each.task == task][-most:]
    others = [each for each in between if each.task != task]
    kept = [*others[max(0, len(others) - most + len(own)) :], *own]
    return [drawn_arrow(each, lanes, axis) for each in kept], len(between) - len(kept)


def drawn_arrow(arrow: Arrow, lanes: Mapping[Place, ArrowLane], axis: Axis) -> DrawnArrow:
    """Return an arrow between the sides of two lanes' bars that face each other.

    A row is there all the time until it is read, so that the arrow of a read is vertical. So is that of a result: no
    event tells when the monitor receives it, and the bar there begins when it was sent.
    """
    source, target = lanes[arrow.source], lanes[arrow.target]
    (first, upper), (last, lower) = source.ends_of(arrow.task), target.ends_of(arrow.task)
    y1, y2 = (upper, last) if target.y > source.y else (first, lower)
    sent = arrow.received if arrow.kind == "read" else arrow.sent
    received = sent if arrow.kind == "result" else arrow.received
    return DrawnArrow(arrow, axis.fraction(sent.at_ms), y1, axis.fraction(received.at_ms), y2, source.lane.look)


def draw_signs(
    processes: Iterable[Process], notices: Iterable[Notice], lanes: Mapping[Place, MarkedLane], axis: Axis
) -> Iterator[Sign]:
    """Yield the deaths of the processes that have a lane, and the last gates and interventions."""
    for process in processes:
        lane = lanes.get(Place(process.role, process.pid))
        if lane and (process.killed or process.died_ms is not None):
            yield death(process, lane, axis)
    for notice in [each for each in notices if each.kind in NOTICES][-SIGNS:]:
        kind: Literal["gate", "intervention"] = "gate" if NOTICES[notice.kind] == "gate" else "intervention"
        lane = lanes.get(Place(notice.process, notice.pid))
        yield Sign(kind, notice.text, notice.at_ms - axis.zero_ms, axis.fraction(notice.at_ms), lane)


def death(process: Process, lane: MarkedLane, axis: Axis) -> Sign:
    """Return the sign of a death: at the kill or, if nobody knows when it was, at when it was noticed."""
    noticed = process.died_ms
    text = f"{process.label} died" + (f" ({process.died})" if process.died else "")
    at = since = process.killed.at_ms if process.killed else process.last_ms
    if noticed is None:
        text += "; nobody has noticed yet"
    elif process.killed:
        text += f"; noticed at {clock(noticed - axis.zero_ms)}"
    else:
        at = noticed
        text += f"; nobody knows when: last heard of at {clock(since - axis.zero_ms)}"
    unknown = axis.fraction(since), axis.fraction(axis.now_ms if noticed is None else noticed)
    return Sign("death", text, at - axis.zero_ms, axis.fraction(at), lane, unknown)


def draw_flags(steps: Sequence[Step], axis: Axis) -> list[Flag]:
    """Return a flag for each of `steps`, of which the last is shown."""
    places = [axis.fraction(step.at_ms) for step in steps]
    spread_places = [*spread(places, GAP), 2.0]
    return [
        Flag(
            step,
            place,
            at,
            following - at > ROOM + GAP / 2 + OF_CHARACTER * len(step.short) and step is not steps[-1],
            step is steps[-1],
        )
        for step, place, (at, following) in zip(steps, places, pairwise(spread_places), strict=True)
    ]


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
