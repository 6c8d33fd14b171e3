"""The layout of a symptom's picture: the clock from left to right, the lanes from top to bottom. Pure."""

from __future__ import annotations

from tutor.lessons.format.symptom import OUTPUT
from tutor.trace.bars import Bar
from tutor.trace.symptom import ShownBar, Symptom, SymptomLane

from .symptom_clock import Clock
from .symptom_shapes import HEIGHT, MARGIN, WIDTH, DrawnLane

CHARACTER, PADDING = 7.9, 6.0
"""The width of a bold character of 12 px in a broad font, and the space beside a text in a bar."""
BAR, HEAD = 24.0, 14.0
"""The maximum height of a bar, and the height above the lanes for the texts of marks across them."""
LEAD, TAIL = 8.0, 62.0
"""The width before the first moment, and that after the last one for what goes on."""
CONTEXT = ("program", "paused", "rows")
"""Kinds of bars that don't decide how the picture is laid out."""
FOREVER = float("inf")


def text_width(text: str) -> float:
    return CHARACTER * len(text)


def clock_of(symptom: Symptom, left: float) -> Clock:
    """Return the clock with all moments that decide where something begins or ends."""
    marks = [*symptom.across, *(mark for lane in symptom.lanes for mark in (*lane.marks, lane.told) if mark)]
    moments = {mark.at_ms for mark in marks} | {each.at_ms for each in symptom.hand_overs}
    bars = [shown.bar for lane in symptom.lanes for shown in lane.bars if is_chosen(shown)]
    moments |= {bar.begin.at_ms for bar in bars}
    ends = {bar.end_ms for bar in bars if bar.end_ms is not None and bar.kind != "locked"}
    last = max(moments | ends, default=0.0)
    # A lock may last far longer than anything that the picture shows.
    ends |= {bar.end_ms for bar in bars if bar.end_ms is not None and bar.end_ms <= last}
    return Clock(moments | ends, left + LEAD, WIDTH - MARGIN - tail(symptom, last))


def tail(symptom: Symptom, last: float) -> float:
    """Return the width after the last moment: for what goes on and its text, and for texts beside what ends then."""
    chosen = [shown for lane in symptom.lanes for shown in lane.bars if is_chosen(shown)]
    open_ended = [shown for shown in chosen if shown.bar.end_ms is None or shown.bar.end_ms > last]
    newest = max(open_ended, key=lambda shown: shown.bar.begin.at_ms, default=None)
    latest = (mark for lane in symptom.lanes if lane.label != OUTPUT for mark in lane.marks if mark.at_ms == last)
    beside = (lane.told for lane in symptom.lanes if lane.told and any(map(is_chosen, lane.bars)))
    return max(
        max(TAIL, text_width(newest.text) + PADDING + 1) if newest else 0.0,
        *(text_width(mark.text) for mark in latest),
        *(text_width(told.text) + PADDING for told in beside),
        0.0,
    )


def is_chosen(shown: ShownBar) -> bool:
    return shown.bar.kind not in CONTEXT


def drawn_lanes(symptom: Symptom) -> tuple[DrawnLane, ...]:
    """Return the lanes from top to bottom. A lane with many bars at the same time is higher."""
    top = MARGIN / 2 + (HEAD if any(mark.text for mark in symptom.across) else 0.0)
    weights = [min(4.0, 1 + slots(lane) / 4) for lane in symptom.lanes]
    unit = (HEIGHT - MARGIN / 2 - top) / sum(weights)
    lanes, y = [], top
    for lane, weight in zip(symptom.lanes, weights, strict=True):
        height = min(BAR * weight, unit * weight - 5)
        lanes.append(DrawnLane(lane.label, round(y + unit * weight / 2, 1), round(height, 1)))
        y += unit * weight
    return tuple(lanes)


def slots(lane: SymptomLane) -> int:
    """Return how many more bars than one the lane has at the same time."""
    return max(slots_of(lane).values(), default=0)


def slots_of(lane: SymptomLane) -> dict[str, int]:
    """Return task or process → the first row of the lane, from 0, in which its bars cover no other's."""
    spans: dict[str, tuple[float, float]] = {}
    for bar in (shown.bar for shown in lane.bars if is_chosen(shown)):
        end = FOREVER if bar.end_ms is None else bar.end_ms
        begin, latest = spans.get(owner(bar), (bar.begin.at_ms, end))
        spans[owner(bar)] = min(begin, bar.begin.at_ms), max(latest, end)
    found: dict[str, int] = {}
    free: list[float] = []
    for key, (begin, end) in sorted(spans.items(), key=lambda item: item[1]):
        slot = next((index for index, until in enumerate(free) if until <= begin), len(free))
        free[slot : slot + 1] = [end]
        found[key] = slot
    return found


def owner(bar: Bar) -> str:
    """Return whose bars are drawn in one row: those of a task in a table, those of a process elsewhere."""
    return bar.task if bar.place.pid == 0 else str(bar.place.pid)
