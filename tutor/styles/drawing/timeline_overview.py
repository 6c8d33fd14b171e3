"""The overview of a timeline: everything so far on a linear clock, with frames around what isn't folded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .time_axis import Axis
from .timeline_areas import DrawnBand
from .timeline_lanes import DrawnLane, percent
from .timeline_marks import DrawnMark

WIDTH, ROW, BAR, MARGIN = 1000, 6, 4, 5
"""The width of its own coordinates; the heights of a lane and of a bar, and the space above and below the lanes."""
BUSY = frozenset({"execution", "storing", "program"})


@dataclass(frozen=True, slots=True)
class OverviewLane:
    """One lane."""

    css: str
    busy: str
    rest: str
    """SVG paths: where something runs or is stored, and where it waits or is there."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview."""

    lanes: tuple[OverviewLane, ...]
    frames: tuple[tuple[str, str], ...]
    """(x, width) of each stretch that isn't folded."""
    ticks: tuple[tuple[str, str], ...]
    """(x, label) of each tick."""

    @property
    def height(self) -> int:
        return len(self.lanes) * ROW + 2 * MARGIN


def draw_overview(
    lanes: Sequence[DrawnLane], marks: Sequence[DrawnMark], bands: Sequence[DrawnBand], axis: Axis
) -> Overview:
    """Return the overview of a timeline with that axis."""
    linear = Axis(axis.zero_ms, axis.now_ms)
    scale = WIDTH / max(0.001, axis.now_ms - axis.zero_ms)
    drawn = []
    for number, lane in enumerate(lanes):
        y = MARGIN + number * ROW
        own = [mark for mark in marks if mark.lane is lane]
        busy = ((mark.begin, mark.until) for mark in own if mark.kind in BUSY)
        rest = [(mark.begin, mark.until) for mark in own if mark.kind not in BUSY]
        rest += [(band.begin, band.end) for band in bands if band.lane is lane]
        drawn.append(OverviewLane(lane.css, path(busy, y, scale), path(rest, y, scale)))
    frames = tuple(
        (percent(begin * scale / WIDTH), percent((end - begin) * scale / WIDTH)) for begin, end in axis.stretches()
    )
    ticks = tuple((percent(tick.fraction), tick.label) for tick in linear.ticks())
    return Overview(tuple(drawn), frames, ticks)


def path(spans: Iterable[tuple[float, float]], y: float, scale: float) -> str:
    """Return an SVG path of bars."""
    bars = ((max(0.0, begin) * scale, max(1.5, (end - max(0.0, begin)) * scale)) for begin, end in spans)
    return "".join(f"M{x:.1f} {y:g}h{width:.1f}v{BAR}h-{width:.1f}z" for x, width in bars)
