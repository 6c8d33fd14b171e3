"""The signs of a timeline: deaths, gates and interventions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.trace.bars import Place
from tutor.trace.histories import Process
from tutor.trace.state import Notice
from tutor.trace.timeline import Timeline

from .time_axis import Axis
from .timeline_lanes import DrawnLane, percent
from .timeline_texts import clock

SIGNS = 24
"""The maximum gates and interventions: the last ones."""
NOTICES = {"gate": "gate", "gate_expired": "gate", "intervened": "intervention"}
"""Kind of a notice → its sign."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign."""

    kind: Literal["death", "gate", "intervention"]
    text: str
    at: float
    """In milliseconds since the program's first event."""
    x: str
    lane: DrawnLane | None
    """None if it belongs to no lane."""
    dots_from: float | None = None
    """Of a death: from when to when nothing was known of the process, before its death was noticed."""
    dots_to: float | None = None
    dots_x: str = ""
    dots_x2: str = ""

    @property
    def y(self) -> float | None:
        """The middle of the lane, or its upper edge for an intervention; None without a lane."""
        if not self.lane:
            return None
        return self.lane.y + 6 if self.kind == "intervention" else self.lane.middle

    @property
    def at_text(self) -> str:
        return clock(self.at)


def draw_signs(timeline: Timeline, notices: Iterable[Notice], lanes: Sequence[DrawnLane], axis: Axis) -> Iterator[Sign]:
    """Yield the deaths of the processes that have a lane, and the last gates and interventions."""
    by_place = {lane.place: lane for lane in lanes}
    for process in timeline.processes:
        lane = by_place.get(Place(process.role, process.pid))
        if lane and (process.killed or process.died_ms is not None):
            yield death(process, lane, axis)
    for notice in [each for each in notices if each.kind in NOTICES][-SIGNS:]:
        kind: Literal["gate", "intervention"] = "gate" if NOTICES[notice.kind] == "gate" else "intervention"
        at, lane = notice.at_ms - axis.zero_ms, by_place.get(Place(notice.process, notice.pid))
        yield Sign(kind, notice.text, round(at, 3), percent(axis.fraction(notice.at_ms)), lane)


def death(process: Process, lane: DrawnLane, axis: Axis) -> Sign:
    """Return the sign of a death: at the kill or, if nobody knows when it was, at when it was noticed."""
    noticed = process.died_ms
    text = f"{process.label} died" + (f" ({process.died})" if process.died else "")
    if noticed is None:
        at = since = process.killed.at_ms if process.killed else process.last_ms
        text += "; nobody has noticed yet"
        noticed = axis.now_ms
    elif process.killed:
        at = since = process.killed.at_ms
        text += f"; noticed at {clock(noticed - axis.zero_ms)}"
    else:
        at, since = noticed, process.last_ms
        text += f"; nobody knows when: last heard of at {clock(since - axis.zero_ms)}"
    return Sign(
        "death",
        text,
        round(at - axis.zero_ms, 3),
        percent(axis.fraction(at)),
        lane,
        round(since - axis.zero_ms, 3),
        round(noticed - axis.zero_ms, 3),
        percent(axis.fraction(since)),
        percent(axis.fraction(noticed)),
    )


def end_of_life(processes: Iterable[Process]) -> dict[Place, float]:
    """Return until when each dead process is known to have lived."""
    return {
        Place(each.role, each.pid): each.killed.at_ms if each.killed else each.last_ms
        for each in processes
        if each.killed or each.died_ms is not None
    }
