"""The strip as SVG: x in percent, so that it fits any width, and y in CSS pixels. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from tutor.trace.bars import Bar

from .lane_marks import longest_free
from .lane_svg import group, percent
from .strip import CLOCK, TIME, Strip, StripFold, StripLane, StripMark
from .strip_bars import StripBar
from .timeline_labels import arrow

WIDE, NARROW = 900.0, 300.0
"""The least widths of a strip in pixels: on a wide page, and on others, where letters that need more are hidden."""
CHARACTER, MARGINS = 7.5, 7.0
"""The width of a character in pixels, and the space around a letter."""
BEFORE = -0.01
"""Where a letter may begin that is before the first bar of a lane: its lane's name ends there."""


def strip_svg(strip: Strip) -> SafeString:
    """Return the bars, arrows, folds, ticks and step marks of a strip, as the content of an `svg` element."""
    parts = [lines(strip), *map(lane, strip.lanes)]
    parts += [fold(each, strip) for each in strip.folds]
    parts += [arrow(each, percent(each.x1), percent(each.x2)) for each in strip.arrows]
    parts += [clock(strip), marks(strip)]
    return SafeString("".join(parts))


def lines(strip: Strip) -> str:
    """Return the line of each tick."""
    places = [percent(tick.fraction) for tick in strip.axis.ticks()]
    drawn = "".join(f'<line x1="{x}" x2="{x}" y2="{strip.height:g}"/>' for x in places)
    return f'<g class="strip__ticks">{drawn}</g>'


def lane(each: StripLane) -> str:
    """Return a lane, as a picture of its own from its upper end down."""
    drawn = columns(each)
    taken: dict[float, float] = {}
    gates = [bar for bar in each.bars if bar.bar and bar.bar.at_gate]
    for bar in each.bars:
        if bar.bar:
            own = [(gate.x, gate.x + gate.width) for gate in gates if gate.y == bar.y]
            drawn += strip_bar(bar, bar.bar) + letter(bar, own, bar.x - taken.get(bar.y, BEFORE))
            taken[bar.y] = bar.x + bar.width
    return group(each.lane, "", f'<svg y="{each.y + 1:.4g}">{drawn}</svg>', is_linked=True)


def columns(each: StripLane) -> str:
    """Return the columns of a band, those of one look as one shape, in a picture that is a thousand units wide."""
    shapes: dict[str, str] = {}
    for bar in each.bars:
        if bar.bar is None:
            width = round(bar.width * 1000)
            outline = f"M{round(bar.x * 1000)} {bar.y:.3g}h{width}v{bar.height:.3g}h-{width}z"
            shapes[bar.look] = shapes.get(bar.look, "") + outline
    if not shapes:
        return ""
    drawn = "".join(f'<path class="band band--{look}" d="{shape}"/>' for look, shape in shapes.items())
    box = f'height="{each.height:.4g}" viewBox="0 0 1000 {each.height:.4g}"'
    return f'<svg {box} preserveAspectRatio="none">{drawn}</svg>'


def strip_bar(each: StripBar, bar: Bar) -> str:
    """Return a bar, with a red end if its execution has failed."""
    y = f' y="{each.y:g}"' if each.y else ""
    task = f' data-of-task="{escape(bar.task_label)}"' if bar.task_label else ""
    size = f'width="{percent(each.width)}" height="{each.height:g}"'
    drawn = f'<rect class="bar bar--{each.look}"{task} x="{percent(each.x)}"{y} {size}/>'
    if bar.died or (bar.success is False and each.look == "execution"):
        end = percent(each.x + each.width)
        drawn += f'<rect class="strip__failed" x="{end}"{y} width="2" height="{each.height:g}"/>'
    return drawn


def letter(each: StripBar, gates: Sequence[tuple[float, float]], room: float) -> str:
    """Return the letter of a bar's task: where no wait at a gate covers it or, if there is `room`, before it."""
    if not each.tag or each.height < 9 or each.look in ("storing", "dropped", "held"):
        return ""
    begin, end = longest_free(each.x, each.x + each.width, gates)
    is_inside = each.look in ("execution", "stored", "failed") and has_room(each.tag, end - begin, WIDE)
    if not is_inside and not has_room(each.tag, room, WIDE):
        return ""
    css = "strip__in" if is_inside else "strip__before"
    tight = "" if has_room(each.tag, end - begin if is_inside else room, NARROW) else " strip__tight"
    return text(f"{css}{tight}", begin if is_inside else each.x, each.y + each.height / 2, each.tag)


def has_room(tag: str, share: float, width: float) -> bool:
    """Return whether a letter fits as a whole into a share of a strip with that width."""
    return share * width >= CHARACTER * len(tag) + MARGINS


def text(css: str, x: float, y: float, content: str) -> str:
    return f'<text class="{css}" x="{percent(x)}" y="{y:.4g}">{escape(content)}</text>'


def fold(each: StripFold, strip: Strip) -> str:
    """Return a fold, with its length below it, beside the times."""
    gap = f'<rect class="fold__gap" x="{percent(each.x)}" width="{percent(each.width)}" height="{strip.height:g}"/>'
    return f'<g class="fold">{gap}{text("fold__label", each.label_x, strip.height + CLOCK / 2, each.label)}</g>'


def clock(strip: Strip) -> str:
    """Return the times below the lanes; the last is that of the step."""
    y = strip.height + CLOCK / 2
    drawn = "".join(
        text(f"strip__time{kind_of(tick.fraction)}", tick.fraction, y, tick.label)
        for tick in strip.axis.ticks()
        if tick.fraction < 1 - TIME and not any(each.covers(tick.fraction) for each in strip.folds)
    )
    return drawn + text("strip__time strip__time--now", 1, y, strip.length)


def kind_of(fraction: float) -> str:
    """Return what else a time's class is: the first one, or one that the last one would cover on a narrow page."""
    if not fraction:
        return " strip__time--first"
    return " strip__time--late" if fraction > 1 - TIME * WIDE / NARROW else ""


def mark(each: StripMark) -> str:
    """Return the mark of a step, with a leader from where it was."""
    x = percent(each.x)
    leader = f'<line class="leader" x1="{percent(each.at)}" x2="{x}" y1="-7"/>' if each.x != each.at else ""
    return f'{leader}<circle class="mark" data-of-step="{each.step}" cx="{x}"/>'


def marks(strip: Strip) -> str:
    """Return a mark for each step, the current one with a line through all lanes."""
    drawn = "".join(map(mark, strip.marks))
    if strip.marks:
        x = percent(strip.marks[-1].x)
        drawn += f'<line class="strip__now" x1="{x}" x2="{x}" y1="{-strip.height:g}"/>'
        drawn += f'<circle class="mark mark--now" cx="{x}"/>'
    return f'<svg y="{strip.height:g}">{drawn}</svg>'
