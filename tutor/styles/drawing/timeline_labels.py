"""The labels of a timeline, and what is right of its cursor: what begins there, and names without room. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.html import escape
from django.utils.safestring import SafeString

from .lane_marks import longest_free
from .svg_paths import percent
from .time_axis import Axis
from .timeline_drawing import Drawing
from .timeline_lanes import Mark, MarkedLane
from .timeline_signs import DrawnArrow

CHARACTER, MARGIN, NARROW = 6.8, 8.0, 640.0
"""The widths of a character, of the space beside a text in a bar, and of a drawing where no script fits the texts."""
CLOSER = 2
"""How much closer than that a text may have to be seen to fit."""
BESIDE, SHORT = 12, 6
"""The most characters of a text right of the cursor, and of one without a tag on a phone."""
NEW = 10
"""The width of a bar that begins at the cursor."""
NEAR_CURSOR = 0.004
"""The share of the clock before the cursor on which its line covers an arrow."""


def labels(drawing: Drawing) -> Iterator[str]:
    """Yield the text of each bar, and the tags of earlier executions."""
    for lane in drawing.lanes:
        if lane.band:
            continue
        for mark in lane.marks:
            texts = [drawing.writer.label(mark, alone=lane.slots == 1)]
            texts += [] if mark.bars[0].at_gate else [drawing.writer.tag(mark)]
            part = beside_gates(mark, lane, drawing.axis)
            whose = f'data-label="{escape(mark.key)}"' if part is mark else f'data-to="{part.end * 100:.5g}"'
            yield label(lane, part, drawing.axis, texts, whose)
        for mark in lane.earlier:
            if mark.look == "execution":
                end = f'data-to="{mark.end * 100:.5g}"'
                yield label(lane, mark, drawing.axis, [drawing.writer.tag(mark)], end)


def label(lane: MarkedLane, mark: Mark, axis: Axis, texts: list[str], whose: str) -> str:
    """Return the first of `texts` that fits a mark, hidden if none does; nothing if none would far closer."""
    begin, end = widest_room(mark, axis)
    room = (end - begin) * NARROW
    texts = [text for text in dict.fromkeys(texts) if text and room * CLOSER >= width(text)]
    if not texts:
        return ""
    fitting = next((text for text in texts if room > width(text)), "")
    others = zip(("full", "short"), texts, strict=False) if len(texts) > 1 else ()
    other = "".join(f' data-{name}="{escape(text)}"' for name, text in others if text != (fitting or texts[0]))
    look = "on-bar" if mark.look in ("execution", "program") else "label"
    y = lane.y + lane.y_of(mark) + lane.bar_height / 2
    own = f'{whose}{other} x="{percent(begin)}" y="{y:g}"{"" if fitting else " hidden"}'
    return f'<text class="{look}" {own}>{escape(fitting or texts[0])}</text>'


def beside_gates(mark: Mark, lane: MarkedLane, axis: Axis) -> Mark:
    """Return the longest part of a mark that no wait at a gate covers: the mark itself if there is none."""
    gates = [(each.begin_ms, each.until_ms) for each in gates_of(lane, mark)]
    if not gates:
        return mark
    begin, end = longest_free(mark.begin_ms, mark.until_ms, gates)
    return replace(mark, begin_ms=begin, until_ms=end, x=axis.fraction(begin), end=axis.fraction(end))


def gates_of(lane: MarkedLane, mark: Mark) -> list[Mark]:
    """Return the waits at gates inside a mark."""
    own = [each for each in lane.marks if each.bars[0].at_gate and each.slot == mark.slot and each is not mark]
    return [each for each in own if mark.begin_ms <= each.begin_ms < mark.until_ms]


def width(text: str) -> float:
    return CHARACTER * len(text) + MARGIN


def widest_room(mark: Mark, axis: Axis) -> tuple[float, float]:
    """Return the two ends of the widest part of a mark that isn't folded, as shares of the clock."""
    zero = axis.zero_ms
    parts = [
        (axis.fraction(max(mark.begin_ms, begin + zero)), axis.fraction(min(mark.until_ms, end + zero)))
        for begin, end in axis.stretches()
        if begin + zero <= mark.until_ms and end + zero >= mark.begin_ms
    ]
    return max(parts, key=lambda part: part[1] - part[0], default=(mark.x, mark.x))


def now_svg(drawing: Drawing) -> SafeString:
    """Return what is right of the cursor: bars that begin at it, and the names of those that reach it."""
    arrows = "".join(arrow(each, f"{NEW / 2:g}", f"{NEW / 2:g}") for each in drawing.arrows if is_at_cursor(each))
    return SafeString("".join(beside(each, drawing) for each in drawing.lanes) + arrows)


def is_at_cursor(each: DrawnArrow) -> bool:
    """Return whether the line of the cursor would cover an arrow."""
    return each.x1 > 1 - NEAR_CURSOR


def arrow(each: DrawnArrow, x1: str, x2: str) -> str:
    task = f' data-of-task="{escape(each.arrow.task_label)}"' if each.arrow.task_label else ""
    ends = f'x1="{x1}" y1="{each.y1:g}" x2="{x2}" y2="{each.y2:g}"'
    head = f'marker-end="url(#head-{each.look})"'
    read = " arrow--read" if each.arrow.kind == "read" else ""
    return f'<line class="arrow{read} lane--{each.look}"{task} {ends} {head}/>'


def beside(lane: MarkedLane, drawing: Drawing) -> str:
    now, drawn = drawing.axis.now_ms, ""
    for mark in lane.marks[-1:] if lane.band else lane.marks:
        if mark.until_ms < now or len(mark.bars) > 1 or (mark.bars[0].end_ms == now and not mark.task_label):
            continue
        if any(each.until_ms >= now for each in gates_of(lane, mark)):
            continue  # That it waits at a gate is named.
        y = lane.y_of(mark)
        if mark.begin_ms >= now:
            drawn += f'<rect class="bar bar--{mark.look}" x="1" y="{y:g}" width="{NEW}" height="{lane.bar_height:g}"/>'
        drawn += name(mark, drawing, y + lane.bar_height / 2, alone=lane.slots == 1)
    return f'<g class="lane--{lane.lane.look}" transform="translate(0 {lane.y:g})">{drawn}</g>' if drawn else ""


def name(mark: Mark, drawing: Drawing, y: float, *, alone: bool) -> str:
    """Return the name of a bar that reaches the cursor, which a script hides where the bar has a text inside."""
    tag, inside = drawing.writer.tag(mark), drawing.writer.label(mark, alone)
    text = inside if mark.bars[0].at_gate else mark.task_label or inside
    text = tag if tag and len(text) > BESIDE else text
    short = tag or (text if len(text) <= SHORT else "")
    both = f'<tspan class="long">{escape(text)}</tspan><tspan class="short">{escape(short)}</tspan>'
    room = (mark.end - mark.x) * NARROW
    own = f' data-beside="{escape(mark.key)}"' if room * CLOSER >= width(tag or inside) else ""
    hidden = " hidden" if room > width(inside) else ""
    return f'<text class="label"{own} x="{NEW + 2}" y="{y:g}"{hidden}>{escape(text) if text == short else both}</text>'
