"""The lanes of a timeline: names, colours and heights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.trace.bars import QUEUE, RESULTS, Place
from tutor.trace.timeline import Timeline

from .timeline_now import state_of
from .timeline_rows import LaneRows
from .timeline_texts import Writer

TOP, PAD = 46.0, 8.0
"""The y of the first lane, and the space above and below the bars of a lane."""
BAR, SLOT, SLOT_GAP, BAND = 22.0, 17.0, 3.0, 44.0
"""The heights of a bar that has its lane alone, of one of several, of the space between those, and of a band."""
WORKER_COLOURS = 4
"""After which colours of workers come again; their letters tell them apart."""
TABLES = {QUEUE: "queue", RESULTS: "store"}
"""Table → its colours; the tables of lessons have others."""


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """One lane."""

    place: Place
    name: str
    letter: str
    """Of a worker."""
    css: str
    y: float
    height: float
    now: str
    """What it does at the step."""
    highest: int
    """The most bars at one time, if it is a band; otherwise 0."""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def draw_lanes(rows: Sequence[LaneRows], timeline: Timeline, writer: Writer, number: int) -> tuple[DrawnLane, ...]:
    """Return the lanes below each other."""
    lanes: list[DrawnLane] = []
    letters = {(each.role, each.pid): each.letter for each in timeline.processes}
    for each in rows:
        place = each.place
        lanes.append(
            DrawnLane(
                place,
                writer.name(place.name, place.pid),
                letters.get(place, ""),
                css_of(place, letters.get(place, "")),
                lanes[-1].bottom if lanes else TOP,
                height_of(each),
                state_of(place, timeline, writer, number),
                each.highest,
            )
        )
    return tuple(lanes)


def css_of(place: Place, letter: str) -> str:
    """Return the name of a lane's colours: that of its role, with a number for workers, or of its table."""
    if letter:
        return f"{place.name}-{(ord(letter[-1]) - ord('A')) % WORKER_COLOURS + 1}"
    return place.name if place.pid else TABLES.get(place.name, "table")


def height_of(rows: LaneRows) -> float:
    if rows.highest:
        return BAND + 2 * PAD
    return 2 * PAD + (BAR if rows.slots == 1 else rows.slots * (SLOT + SLOT_GAP) - SLOT_GAP)


def percent(fraction: float) -> str:
    """Return a share of the clock as SVG has it."""
    return f"{fraction * 100:.3f}%"
