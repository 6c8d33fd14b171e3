"""The picture of a symptom: lanes with bars and marks, drawn small. Pure.

From left to right, everything is in the order in which it was, and what overlapped overlaps. Lengths are compressed:
the distance between two moments grows more slowly than the time between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from tutor.lessons.format.symptom import OUTPUT
from tutor.trace.bars import Bar
from tutor.trace.symptom import HandOver, Mark, ShownBar, Symptom, SymptomLane

from .symptom_clock import Clock
from .symptom_layout import HEAD, PADDING, clock_of, drawn_lanes, is_chosen, owner, slots_of, text_width
from .symptom_shapes import MARGIN, WIDTH, Box, Chip, Dot, DrawnLane, SymptomPicture
from .symptom_words import described

MARK, TORN, GAP = 20.0, 4.0, 3.0
"""The height of a label, the depth of a torn end, and the distance between two texts."""
MOST_ARROWS = 8
"""Hand-overs of a picture with more of them aren't drawn."""


def draw_symptom(symptom: Symptom) -> SymptomPicture:
    """Return the picture of `symptom`."""
    left = MARGIN + max(text_width(lane.label) for lane in symptom.lanes) + MARGIN
    clock = clock_of(symptom, left)
    drawn = drawn_lanes(symptom)
    pairs = list(zip(symptom.lanes, drawn, strict=True))
    return SymptomPicture(
        lanes=drawn,
        left=round(left, 1),
        boxes=tuple(box for lane, place in pairs for box in boxes_of(lane, place, clock, left)),
        dots=tuple(dot for lane, place in pairs if lane.label != OUTPUT for dot in dots_of(lane, place, clock)),
        chips=tuple(chip for lane, place in pairs if lane.label == OUTPUT for chip in chips_of(lane, place, clock)),
        across=tuple(across(mark, clock) for mark in symptom.across),
        arrows=tuple(
            arrow(each, drawn, clock) for each in symptom.hand_overs if len(symptom.hand_overs) <= MOST_ARROWS
        ),
        told=next((label(lane.told, place, clock, left) for lane, place in pairs if lane.told), None),
        description=described(symptom),
    )


def boxes_of(lane: SymptomLane, place: DrawnLane, clock: Clock, left: float) -> Iterator[Box]:
    """Yield the bars of a lane: those that it always shows, and on them those that were chosen."""
    rows = slots_of(lane)
    height = place.height / (max(rows.values(), default=0) + 1)
    top = place.y - place.height / 2
    for shown in sorted(lane.bars, key=is_chosen):
        bar = shown.bar
        if not is_chosen(shown):
            if (end := edge(bar, clock)) > (begin := left if bar.begin.at_ms < clock.moments[0] else x_of(bar, clock)):
                yield box(shown, begin, end, top, place.height)
        else:
            yield box(shown, x_of(bar, clock), edge(bar, clock), top + rows[owner(bar)] * height, height)


def x_of(bar: Bar, clock: Clock) -> float:
    return clock.x(bar.begin.at_ms)


def edge(bar: Bar, clock: Clock) -> float:
    """Return the x at which a bar ends: that of its end, or the right side if it goes on."""
    return WIDTH - MARGIN if bar.end_ms is None or bar.end_ms > clock.last else clock.x(bar.end_ms)


def box(shown: ShownBar, begin: float, end: float, top: float, height: float) -> Box:
    """Return the rectangle of a bar, at least wide enough to be seen."""
    bar = shown.bar
    result = (" success" if bar.success else " failed") if bar.kind == "stored" else ""
    worker = f" worker-{shown.letter.lower()}" if shown.letter else ""
    has_raised = bar.kind == "execution" and bar.success is False
    width, gap = max(2.0, round(end - begin, 1)), 1.0 if height >= 4 else 0.0
    is_read = text_width(shown.text) + PADDING <= width - (TORN if has_raised else 0) and height >= MARK - 5
    drawn = Box(
        kind=f"{bar.kind}{result}{worker}",
        x=round(begin, 1),
        y=round(top, 1),
        width=width,
        height=round(height - gap, 1),
        text=shown.text if is_read else "",
        is_hatched=bar.kind in ("locked", "paused"),
        death=round(end, 1) if bar.died else 0.0,
    )
    return replace(drawn, torn=torn(drawn)) if has_raised else drawn


def torn(box: Box) -> str:
    """Return the torn end of an execution that raised."""
    x, notch = box.x + box.width, box.height / 6
    zigzag = "".join(f"l{TORN if index % 2 == 0 else -TORN} {notch:.1f}" for index in range(6))
    return f"M{x - 3:.1f} {box.y}H{x:.1f}{zigzag}H{x - 3:.1f}z"


def dots_of(lane: SymptomLane, place: DrawnLane, clock: Clock) -> Iterator[Dot]:
    """Yield the marks of a lane. A text stands beside its mark if there is room up to the next one or the last one."""
    before = clock.places[0]
    for mark, following in pairwise((*lane.marks, None)):
        if mark:
            x, width = clock.x(mark.at_ms), text_width(mark.text) + PADDING + 1
            after = clock.x(following.at_ms) if following else WIDTH - 2
            is_right = x + width <= after
            text = mark.text if is_right or x - width >= before else ""
            yield Dot(mark.event, x, place.y, text, x + (7 if is_right else -7), "start" if is_right else "end")
            before = x + (width if is_right else 0)


def chips_of(lane: SymptomLane, place: DrawnLane, clock: Clock) -> Iterator[Chip]:
    """Yield what was printed: a dot at its moment, and above it the text, beside those of the others."""
    top, end = round(place.y - place.height / 2 - 2, 1), 0.0
    widths = [text_width(mark.text) + 2 * PADDING for mark in lane.marks]
    for index, (mark, width) in enumerate(zip(lane.marks, widths, strict=True)):
        moment = clock.x(mark.at_ms)
        room = WIDTH - 2 - sum(each + GAP for each in widths[index + 1 :])
        x = max(end + GAP, min(moment - width / 2, room - width))
        yield Chip(
            moment,
            round(place.y + place.height / 2, 1),
            Box("printed", round(x, 1), top, round(width, 1), MARK, mark.text),
        )
        end = x + width


def across(mark: Mark, clock: Clock) -> Dot:
    x = clock.x(mark.at_ms)
    return Dot(mark.event, x, HEAD, mark.text, max(x, text_width(mark.text) / 2 + 2), "middle")


def arrow(hand_over: HandOver, lanes: Sequence[DrawnLane], clock: Clock) -> tuple[float, float, float, int]:
    source, target = lanes[hand_over.source], lanes[hand_over.target]
    down = 1 if target.y > source.y else -1
    return (
        clock.x(hand_over.at_ms),
        round(source.y + down * source.height / 2, 1),
        round(target.y - down * target.height / 2, 1),
        down,
    )


def label(told: Mark, place: DrawnLane, clock: Clock, left: float) -> Box:
    """Return the label of what somebody was told. It begins or ends at its moment, unless it is too long for that."""
    x, width = clock.x(told.at_ms), text_width(told.text) + 2 * PADDING
    if x + width > WIDTH - 2:
        x = max(left, min(x, WIDTH - 2) - width)
    return Box("told", round(x, 1), round(place.y - MARK / 2, 1), round(width, 1), MARK, told.text)
