"""The timeline as SVG: x in percent, so that it fits any width, and y in CSS pixels. Pure.

A script zooms what has a length in time by transforming it as one group, and moves what has a size of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from tutor.styles.templatetags.times import ms

from .svg_paths import percent
from .time_axis import Axis
from .timeline_bands import BAND, WIDTH, Stretch, area, rectangles
from .timeline_drawing import Drawing
from .timeline_labels import arrow, is_at_cursor, labels
from .timeline_lanes import BAR, PAD, TOP, MarkedLane
from .timeline_signs import Flag, Sign

FLAGS = 13
"""The y of the numbers of steps."""
ABOVE = 4
"""How much higher than the end of the lanes a sign is that belongs to no lane, so that it covers no time below them."""


def zoomed_svg(drawing: Drawing) -> SafeString:
    """Return bars, bands and folds: what has a length in time."""
    parts = [lane(each, drawing.axis) for each in drawing.lanes]
    height = f'y="{TOP:g}" height="{drawing.bottom - TOP:g}"'
    for fold in drawing.axis.folds:
        begin, end = drawing.axis.fraction(fold.begin_ms), drawing.axis.fraction(fold.end_ms)
        place = f'x="{percent(begin)}" width="{percent(end - begin)}" {height}'
        parts.append(f'<rect class="fold__veil" {place}/><rect class="fold__gap" {place}/>')
    return SafeString("".join(parts))


def over_svg(drawing: Drawing) -> SafeString:
    """Return labels, arrows and signs: what has a size of its own."""
    parts = [torn_edges(drawing)]
    parts += labels(drawing)
    parts += [arrow(each, percent(each.x1), percent(each.x2)) for each in drawing.arrows if not is_at_cursor(each)]
    parts += [sign(each, drawing.bottom) for each in drawing.signs]
    return SafeString("".join(parts))


def torn_edges(drawing: Drawing) -> str:
    """Return the two edges of each fold."""
    places = [drawing.axis.fraction(at) for fold in drawing.axis.folds for at in (fold.begin_ms, fold.end_ms)]
    edge = f"M0 {TOP:g}" + "l4 5l-8 10l4 5" * round((drawing.bottom - TOP) / 20)
    uses = "".join(f'<use class="torn" href="#torn" x="{percent(place)}"/>' for place in places)
    return f'<path class="torn-edge" id="torn" d="{edge}"/>{uses}' if places else ""


def lane(each: MarkedLane, axis: Axis) -> str:
    """Return the bars of a lane, from its upper end down."""
    height, drawn = each.bar_height, band(each.band, each.highest, axis) if each.band else earlier(each)
    for mark in each.marks:
        task = f' data-of-task="{escape(mark.task_label)}"' if mark.task_label else ""
        y = each.y_of(mark)
        place = f'x="{percent(mark.x)}" width="{percent(mark.end - mark.x)}"'
        place += "" if height == BAR else f' y="{y:g}" height="{height:g}"'
        drawn += f'<rect class="bar bar--{mark.look}" data-b="{escape(mark.key)}"{task} {place}/>'
        if mark.look == "execution" and mark.bars[0].success is False:
            x = percent(mark.end)
            drawn += f'<line class="raised" x1="{x}" x2="{x}" y1="{y:g}" y2="{y + height:g}"/>'
    return f'<g class="lane--{each.lane.look}" transform="translate(0 {each.y:g})">{drawn}</g>'


def earlier(each: MarkedLane) -> str:
    """Return the earlier bars of a lane, those of one look and row as one shape."""
    spans: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for mark in each.earlier:
        spans.setdefault((mark.look, each.y_of(mark)), []).append((mark.x, mark.end))
    drawn = ((look, rectangles(own, y, each.bar_height)) for (look, y), own in spans.items())
    paths = "".join(f'<path class="bar bar--{look}" d="{shape}"/>' for look, shape in drawn)
    box = f'height="{each.height:g}" viewBox="0 0 {WIDTH} {each.height:g}" preserveAspectRatio="none"'
    return f'<svg class="timeline__band" {box}>{paths}</svg>' if paths else ""


def band(stretches: Sequence[Stretch], highest: int, axis: Axis) -> str:
    """Return the areas of all bars and of those that are locks, whose heights follow their number."""
    areas = [area(((each, each.count) for each in stretches), highest, axis)]
    if any(each.locked for each in stretches):
        areas.append(area(((each, each.locked) for each in stretches), highest, axis))
    paths = "".join(
        f'<path class="band band--{look}" d="{d}"/>' for look, d in zip(("all", "locked"), areas, strict=False)
    )
    box = f'y="{PAD:g}" height="{BAND:g}" viewBox="0 0 {WIDTH} {BAND:g}" preserveAspectRatio="none"'
    return f'<svg class="timeline__band" {box}>{paths}</svg>'


def sign(each: Sign, bottom: float) -> str:
    """Return a sign, before it the dots of a death of which nobody knows when it was."""
    y = bottom - ABOVE if each.lane is None else each.lane.y + 6 if each.kind == "intervention" else each.lane.middle
    drawn = ""
    if each.unknown:
        begin, end = map(percent, each.unknown)
        drawn = f'<line class="unknown" x1="{begin}" y1="{y:g}" x2="{end}" y2="{y:g}"/>'
    place = f'href="#sign-{each.kind}" x="{percent(each.x)}" y="{y:g}"'
    return drawn + f'<use class="sign sign--{each.kind}" {place}><title>{escape(each.text)}</title></use>'


def ticks_svg(drawing: Drawing) -> SafeString:
    """Return a line and a time for each tick."""
    y, parts = drawing.bottom, []
    for tick in drawing.axis.ticks():
        x = percent(tick.fraction)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{TOP:g}" y2="{y + 5:g}"/><text x="{x}" y="{y + 18:g}">{tick.label}</text>'
        )
    return SafeString("".join(parts))


def lines_svg(drawing: Drawing) -> SafeString:
    """Return the line below each lane."""
    lines = (f'<line x2="100%" y1="{each.bottom:g}" y2="{each.bottom:g}"/>' for each in drawing.lanes)
    return SafeString("".join(lines))


def folds_svg(drawing: Drawing) -> SafeString:
    """Return the name of each fold: its length."""
    axis, y, parts = drawing.axis, drawing.bottom + 35, []
    for number, fold in enumerate(axis.folds):
        middle = (axis.fraction(fold.begin_ms) + axis.fraction(fold.end_ms)) / 2
        word = "folded" if drawing.is_whole or number else "before"
        name = f"<tspan>{ms(fold.length_ms)}</tspan><tspan> {word}</tspan>"
        parts.append(f'<text class="fold-name" x="{percent(middle)}" y="{y:g}">{name}</text>')
    return SafeString("".join(parts))


def flags_svg(drawing: Drawing, address: str) -> SafeString:
    """Return the flags of steps as links; the address of a step begins with `address`."""
    merged = earlier_flag(drawing.earlier_steps, drawing.earlier_ends, address)
    return SafeString(merged + "".join(flag(each, address, drawing.bottom) for each in drawing.flags))


def flag(each: Flag, address: str, bottom: float) -> str:
    """Return a flag: its number, its name, and a line to its time, which the current one has to the bottom."""
    number, x, flag_x = each.step.number, percent(each.x), f"{each.flag_x * 100:.3g}%"
    now, current = (" flag--now", ' aria-current="step"') if each.now else ("", "")
    line = f'<line x1="{flag_x}" x2="{x}" y2="{TOP - FLAGS:g}"/>'
    line += f'<line x1="{x}" x2="{x}" y1="{TOP - FLAGS:g}" y2="{bottom - FLAGS:g}"/>' if each.now else ""
    unseen = "" if each.fits else " data-unseen"
    name = f'<text x="{flag_x}"{unseen}> {escape(each.step.short)}</text>'
    shape = f'<circle cx="{flag_x}"/><text x="{flag_x}">{number}</text>'
    link = f'href="{escape(address)}{number}" data-walk data-of-step="{number}"{current}'
    return f'<a class="flag{now}" {link}>{line}{shape}{name}</a>'


def earlier_flag(steps: int, ends: tuple[float, float], address: str) -> str:
    """Return the flag of all steps up to `steps` as one, which a script moves and to which it adds further ones.

    It leads to a line from the first of them to the last, at the shares of the clock in `ends`.
    """
    begin, end = ends
    x, y, text = percent((begin + end) / 2), TOP - FLAGS, f"1–{steps}" if steps > 1 else "1"
    line = f'<line x1="{x}" x2="{x}" y2="{y:g}"/>'
    line += f'<line class="flag__range" x1="{percent(begin)}" x2="{percent(end)}" y1="{y:g}" y2="{y:g}"/>'
    shape = f'<rect x="{x}" width="{7 * len(text) + 12}"/><text x="{x}">{text}</text>'
    step = f' href="{escape(address)}{steps}" data-of-step="{steps}"' if steps else " hidden"
    return f'<a class="flag flag--many" data-walk data-steps="{steps}"{step}>{line}{shape}</a>'


def measure_svg(drawing: Drawing) -> SafeString:
    """Return the line of the measure with its length, hidden without one."""
    measure, axis, bottom = drawing.measure, drawing.axis, drawing.bottom
    lane = next((each for each in drawing.lanes if measure and measure.place in each.lane.places), None)
    if measure and lane:
        begin, end = (axis.fraction(axis.zero_ms + at) for at in (measure.begin, measure.end))
        y, text, hidden = lane.bottom, measure.length_text, ""
    else:
        begin, end, y, text, hidden = 0.0, 0.0, bottom, "", " hidden"
    x1, x2, middle = percent(begin), percent(end), percent((begin + end) / 2)
    ends = "".join(f'<line class="measure__end" x1="{x}" x2="{x}" y1="{TOP:g}" y2="{bottom:g}"/>' for x in (x1, x2))
    line = f'<line class="measure__line" x1="{x1}" x2="{x2}" y1="{y:g}" y2="{y:g}"/>'
    return SafeString(
        f'<g class="measure" data-measure{hidden}>{ends}{line}<text x="{middle}" y="{y:g}">{text}</text></g>'
    )
