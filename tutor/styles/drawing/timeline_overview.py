"""The overview of a timeline as SVG: everything so far on a clock without folds, and what of it is shown. Pure."""

from __future__ import annotations

from django.utils.safestring import SafeString

from .time_axis import RUNNING, Axis
from .timeline_bands import rectangles
from .timeline_drawing import Drawing
from .timeline_svg import percent

ROW, BAR, EDGE = 6, 4, 5
"""The heights of a lane and of a bar, and the space above and below the lanes."""


def overview(drawing: Drawing) -> dict[str, object]:
    """Return its `height` in pixels, its `lanes`, and the `frames` and `ticks` with their places."""
    axis = linear(drawing)
    return {
        "height": len(drawing.lanes) * ROW + 2 * EDGE,
        "lanes": overview_svg(drawing),
        "frames": frames(drawing),
        "ticks": [(percent(tick.fraction), tick.label) for tick in axis.ticks()],
    }


def linear(drawing: Drawing) -> Axis:
    return Axis(drawing.axis.zero_ms, drawing.axis.now_ms)


def overview_svg(drawing: Drawing) -> SafeString:
    """Return the bars of all lanes on a clock without folds: solid where something runs, faint where it waits."""
    axis, parts = linear(drawing), []
    for number, each in enumerate(drawing.lanes):
        y = EDGE + number * ROW
        paths = ""
        for busy in (False, True):
            spans = (
                (mark.begin_ms, mark.until_ms)
                for mark in (*each.earlier, *each.marks)
                if (mark.look in RUNNING) is busy
            )
            if each.band and not busy:
                spans = ((stretch.begin_ms, stretch.end_ms) for stretch in each.band)
            places = ((axis.fraction(begin), axis.fraction(end)) for begin, end in spans)
            path = rectangles(places, y, BAR, least=2)
            paths += f'<path class="overview__{"busy" if busy else "rest"}" d="{path}"/>' if path else ""
        parts.append(f'<g class="lane--{each.lane.look}">{paths}</g>')
    return SafeString("".join(parts))


def frames(drawing: Drawing) -> list[tuple[str, str]]:
    """Return (x, width) of each stretch of the overview that isn't folded."""
    whole = max(0.001, drawing.axis.now_ms - drawing.axis.zero_ms)
    return [(percent(begin / whole), percent((end - begin) / whole)) for begin, end in drawing.axis.stretches()]
