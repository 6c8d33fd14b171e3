"""The bands of a timeline, as areas whose height is the number of bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .time_axis import Axis
from .timeline_bands import Stretch
from .timeline_lanes import BAND, PAD, DrawnLane
from .timeline_rows import LaneRows
from .timeline_texts import clock

ROW = 3.0
"""The maximum height of one bar in a band."""
WIDTH = 1000
"""The width of a band's own coordinates."""


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """One band."""

    lane: DrawnLane
    height_of_one: float
    points: str
    """begin,count,locked of each stretch, then the end of the last one; a stretch without bars has count 0."""
    area: str
    locked_area: str
    """SVG paths, in coordinates from 0 to `WIDTH` and from 0 to `BAND`."""
    begin: float
    end: float
    highest: int

    @property
    def y(self) -> float:
        return self.lane.y + PAD

    @property
    def height(self) -> float:
        return BAND

    @property
    def begin_text(self) -> str:
        return clock(self.begin)

    @property
    def end_text(self) -> str:
        return clock(self.end)


def draw_bands(rows: Sequence[LaneRows], lanes: Sequence[DrawnLane], axis: Axis) -> Iterator[DrawnBand]:
    """Yield the bands of the lanes that are drawn as one."""
    for content, lane in zip(rows, lanes, strict=True):
        if not content.band:
            continue
        unit = min(ROW, BAND / content.highest)
        steps = list(steps_of(content.band, axis.now_ms))
        yield DrawnBand(
            lane,
            round(unit, 3),
            ";".join(f"{at - axis.zero_ms:.1f},{count},{locked}" for at, count, locked in steps),
            area(((at, count * unit) for at, count, _ in steps), axis),
            area(((at, locked * unit) for at, _, locked in steps), axis),
            round(content.band[0].begin_ms - axis.zero_ms, 3),
            round(steps[-1][0] - axis.zero_ms, 3),
            content.highest,
        )


def steps_of(band: Iterable[Stretch], now_ms: float) -> Iterator[tuple[float, int, int]]:
    """Yield (time, number of bars from then on, how many of them are locks); the last number is 0."""
    end: float | None = None
    for each in band:
        if end is not None and end < each.begin_ms:
            yield end, 0, 0
        yield each.begin_ms, each.count, each.locked
        end = now_ms if each.end_ms is None else each.end_ms
    yield now_ms if end is None else end, 0, 0


def area(steps: Iterable[tuple[float, float]], axis: Axis) -> str:
    """Return the outline of an area with the given heights from the given times on."""
    path = f"M0 {BAND:g}"
    for at, height in steps:
        path += f"H{axis.fraction(at) * WIDTH:.1f}V{BAND - height:.1f}"
    return path + f"V{BAND:g}z"
