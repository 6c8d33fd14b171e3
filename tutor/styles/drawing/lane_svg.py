"""The lanes of one row of the execution table as SVG: places in percent, so that it fits any row and width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

from .lane_marks import BAND_LEFT, Band, Cell, Hand, Segment, Tag
from .lane_places import RESERVED, Lane

TORN, DEATH = "M-6 1l3-4 3 4 3-4 3 4", "M-4-4l8 8m0-8l-8 8"
HEAD = "M-7-4L0 0L-7 4z"
NAME = 9
"""The maximum length of the name of a lane, in characters."""


def cell_svg(cell: Cell) -> SafeString:
    """Return what a row has in its lanes, as the content of an `svg` element that fills the cell."""
    drawn = [(band.lane, "", band_svg(band)) for band in cell.bands]
    drawn += sorted(((each.lane, each.task, segment(each)) for each in cell.segments), key=lambda each: each[0].look)
    drawn += [(each.lane, each.task, hand(each)) for each in cell.hands]
    drawn += [(each.lane, each.task, tag(each)) for each in cell.tags]
    drawn += [(each.lane, "", band_count(each)) for each in cell.bands if each.is_new and each.y1 == 1]
    together = groupby(drawn, key=lambda each: (each[0], each[1]))
    return SafeString("".join(group(lane, task, "".join(each[2] for each in same)) for (lane, task), same in together))


def head_svg(places: Sequence[tuple[Lane, float]]) -> SafeString:
    """Return the names of the lanes above their middles, those of every other lane higher if there are many.

    Each name is there once more upright, for lanes that are narrow; a letter isn't turned.
    """
    many = len(places) > RESERVED
    parts = []
    for number, (lane, x) in enumerate(places):
        name = escape(lane.name if len(lane.name) <= NAME else f"{lane.name[: NAME - 1]}…")
        y = 11 if many and number % 2 == 0 else 25
        full = f'<text class="lane-name" x="{percent(x)}" y="{y}">{name}<title>{escape(lane.label)}</title></text>'
        turned = ' transform="rotate(-90)" x="4" y="4"' if len(name) > 1 else ' x="0" y="-4" text-anchor="middle"'
        upright = f'<text class="lane-name"{turned}>{name}</text>'
        upright = f'<svg class="lane-upright" x="{percent(x)}" y="100%">{upright}</svg>'
        parts.append(group(lane, "", full + upright, is_linked=True))
    return SafeString("".join(parts))


def group(lane: Lane, task: str, content: str, is_linked: bool = False) -> str:
    """Return `content` in the colour of a lane, as what belongs to a task; if linked, also to a process or a table."""
    of_task = f' data-of-task="{escape(task)}"' if task else ""
    of_place = f' data-of-process="{lane.of_process}"' if is_linked and lane.of_process else ""
    of_table = f' data-of-table="{escape(lane.of_table)}"' if is_linked and lane.of_table else ""
    return f'<g class="lane--{lane.look}"{of_task}{of_place}{of_table}>{content}</g>'


def segment(each: Segment) -> str:
    x = percent(each.x)
    drawn = ""
    if each.y1 > each.y0:
        own = " own" if each.is_own else ""
        y = f' y="{percent(each.y0)}"' if each.y0 else ""
        height = f' height="{percent(each.y1 - each.y0)}"' if each.y1 - each.y0 < 1 else ""
        drawn = f'<rect class="bar bar--{each.look}{own}" x="{x}"{y}{height}/>'
    if each.end:
        shape = TORN if each.end == "raised" else DEATH
        drawn += f'<svg x="{x}" y="{percent(each.y1)}"><path class="{each.end}" d="{shape}"/></svg>'
    return drawn


def band_svg(band: Band) -> str:
    left, drawn = band.x + band.width * BAND_LEFT, ""
    y = f' y="{percent(band.y0)}"' if band.y0 else ""
    for look, share in band.counts:
        width = band.width * (1 - BAND_LEFT) * share
        size = f'width="{percent(width)}" height="{percent(band.y1 - band.y0)}"'
        drawn += f'<rect class="band band--{look}" x="{percent(left)}"{y} {size}/>'
        left += width
    return drawn


def band_count(band: Band) -> str:
    """Return the number of a band: at the bottom of its row, where no tag is, and above whatever crosses the lane.

    That of a table of the lesson says that it counts rows, as it could be a value of the table.
    """
    is_of_lesson = all(look == "rows" for look, _ in band.counts)
    word = f"<tspan> {'row' if band.total == 1 else 'rows'}</tspan>" if is_of_lesson else ""
    count = f'<text class="band__count" y="-3">{band.total}{word}</text>'
    return f'<svg x="{percent(band.x + band.width * (BAND_LEFT - 0.04))}" y="100%">{count}</svg>'


def hand(each: Hand) -> str:
    """Return an arrow, or a dot."""
    x, y = percent(each.x), percent(each.y)
    if each.to is None:
        return f'<circle class="dot-at" cx="{x}" cy="{y}" r="4"/>'
    to = percent(each.to)
    turn = " arrow--back" if each.to < each.x else ""
    tagged = " arrow--tagged" if each.is_tagged else ""
    line = f'<line class="arrow" x1="{x}" x2="{to}" y1="{y}" y2="{y}"/><circle class="from" cx="{x}" cy="{y}" r="3.5"/>'
    head = f'<svg x="{to}" y="{y}"><path class="arrow__head{turn}{tagged}" d="{HEAD}"/></svg>'
    return line + head


def tag(each: Tag) -> str:
    width = 9 + 7.5 * len(each.text)
    failed = " tag--failed" if each.failed else ""
    left = 0 if each.in_band else -width / 2
    shape = f'<rect x="{left:g}" y="-8.5" width="{width:g}" height="17" rx="8.5"/>'
    drawn = f'<g class="tag{failed}">{shape}<text x="{left + width / 2:g}" y="4">{escape(each.text)}</text></g>'
    return f'<svg x="{percent(each.x)}" y="50%">{drawn}</svg>'


def percent(share: float) -> str:
    return f"{share * 100:.4g}%"
