"""Whether the picture of a symptom shows the order and the overlaps of its bars, as their times say."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

from tutor.styles.drawing.symptom_layout import is_chosen
from tutor.styles.drawing.symptom_shapes import SymptomPicture
from tutor.trace.symptom import Symptom

FOREVER = float("inf")


class Span(NamedTuple):
    """A bar: when it was, and where it is drawn."""

    begin_ms: float
    end_ms: float
    left: float
    right: float


def spans(symptom: Symptom, picture: SymptomPicture) -> list[Span]:
    """Return the bars that the lesson chose. One that goes on at the end has no end."""
    bars = [shown.bar for lane in symptom.lanes for shown in lane.bars if is_chosen(shown)]
    boxes = [box for box in picture.boxes if box.kind.split()[0] not in ("program", "paused", "rows")]
    return [
        Span(
            bar.begin.at_ms,
            FOREVER if bar.end_ms is None or box.x + box.width > picture.right - 0.2 else bar.end_ms,
            box.x,
            box.x + box.width,
        )
        for bar, box in zip(bars, boxes, strict=True)
    ]


def assert_true(symptom: Symptom, picture: SymptomPicture) -> None:
    """Assert that later moments are farther right, and that those bars overlap that overlapped."""
    drawn = spans(symptom, picture)
    assert drawn
    moments = sorted({(each.begin_ms, each.left) for each in drawn} | {(each.end_ms, each.right) for each in drawn})
    for (earlier, left), (later, right) in pairwise(moments):
        assert left <= right + 2, (earlier, later)
    for one, other in combinations(drawn, 2):
        apart_ms = max(one.begin_ms, other.begin_ms) - min(one.end_ms, other.end_ms)
        apart = max(one.left, other.left) - min(one.right, other.right)
        if abs(apart) > 2:
            assert (apart_ms >= 0) == (apart > 0), (one, other)


def texts(picture: SymptomPicture) -> list[str]:
    """Return all texts of the picture."""
    boxes = [*picture.boxes, *(chip.box for chip in picture.chips), *([picture.told] if picture.told else [])]
    marks = [mark.text for mark in (*picture.dots, *picture.across)]
    return [each for each in (*(lane.label for lane in picture.lanes), *(box.text for box in boxes), *marks) if each]
