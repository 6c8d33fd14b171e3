"""Which stretches of a timeline are folded: long ones in which nothing begins or ends. Pure.

Processes may be busy in them all the time; a bar that goes on through a fold says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tutor.trace.timeline import Timeline

from .time_axis import FOLD_SHARE, FOLDS, Axis, Fold, length_label
from .timeline_lanes import percent

MARGIN_MS = 60.0
"""What is left of a stretch on each side of its fold."""


@dataclass(frozen=True, slots=True)
class DrawnFold:
    """One fold."""

    begin: float
    end: float
    """Both in milliseconds since the program's first event."""
    x: str
    width: str
    middle: str
    label: str


def draw_folds(axis: Axis) -> Iterator[DrawnFold]:
    """Yield the folds of an axis."""
    for fold in axis.folds:
        begin, end = axis.fraction(fold.begin_ms), axis.fraction(fold.end_ms)
        ends = round(fold.begin_ms - axis.zero_ms, 3), round(fold.end_ms - axis.zero_ms, 3)
        places = percent(begin), percent(end - begin), percent((begin + end) / 2)
        yield DrawnFold(*ends, *places, length_label(fold.length_ms))


def axis_of(timeline: Timeline, moments: Iterable[float]) -> Axis:
    """Return the axis of a timeline. No fold contains a moment at which something happens, or one of `moments`.

    The longest stretches are folded, each as long as it would take more room than its fold.
    """
    zero, now = timeline.zero_ms, max(timeline.zero_ms, timeline.now_ms)
    bars = (at for bar in timeline.bars for at in (bar.begin.at_ms, bar.end_ms) if at is not None)
    arrows = (at for arrow in timeline.arrows for at in (arrow.sent.at_ms, arrow.received.at_ms))
    times = sorted({zero, now, *(at for at in (*bars, *arrows, *moments) if zero < at < now)})
    longest = sorted(pairwise(times), key=lambda each: each[0] - each[1])[:FOLDS]
    rest, folds = now - zero, []
    for begin, end in longest:
        fold = Fold(begin + MARGIN_MS, end - MARGIN_MS)
        if fold.length_ms > 1.5 * FOLD_SHARE * rest:
            folds.append(fold)
            rest -= fold.length_ms
    return Axis(zero, now, tuple(sorted(folds, key=lambda fold: fold.begin_ms)))
