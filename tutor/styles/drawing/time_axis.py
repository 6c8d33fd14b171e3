"""The clock of a drawing: from times of a run to places between its two ends, with long idle stretches folded. Pure.

An axis ends at the step that is shown, so that it says nothing about how much time follows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from tutor.trace.bars import Bar
from tutor.trace.timeline import Timeline

RUNNING = frozenset({"execution", "storing", "program"})
"""The kinds of bars that keep a stretch from being idle."""
IDLE_MS, MARGIN_MS = 300.0, 10.0
"""The least length of an idle stretch that is folded, and what is left of it on each side of its fold."""
FOLDS, FOLD_SHARE, FOLDED_SHARE = 6, 0.11, 0.4
"""The maximum folds, the share of the axis that one has, and the maximum share of all of them."""
TICKS, CLEARANCE = 6, 0.07
"""About how many ticks an axis has, and the least distance between two of their labels, as a share of the axis."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A stretch of time that is drawn shorter than the others."""

    begin_ms: float
    end_ms: float

    @property
    def length_ms(self) -> float:
        return self.end_ms - self.begin_ms


@dataclass(frozen=True, slots=True)
class Tick:
    """A time that has a label."""

    at_ms: float
    fraction: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A clock from `zero_ms` to `now_ms`, both in milliseconds since the lab was requested."""

    zero_ms: float
    now_ms: float
    folds: tuple[Fold, ...] = ()
    """In order; none for a linear axis."""

    @property
    def fold_share(self) -> float:
        """The share of the axis that each fold has."""
        return min(FOLD_SHARE, FOLDED_SHARE / len(self.folds)) if self.folds else 0.0

    @property
    def unfolded_ms(self) -> float:
        return max(0.001, self.now_ms - self.zero_ms - sum(fold.length_ms for fold in self.folds))

    def fraction(self, at_ms: float) -> float:
        """Return the place of a time between 0, the beginning, and 1, the end. Times outside are moved to the ends."""
        at_ms = min(max(at_ms, self.zero_ms), self.now_ms)
        unfolded, folded = at_ms - self.zero_ms, 0.0
        for fold in self.folds[: bisect_right(self.folds, at_ms, key=lambda fold: fold.begin_ms)]:
            inside = min(at_ms, fold.end_ms) - fold.begin_ms
            unfolded -= inside
            folded += inside / fold.length_ms
        share = self.fold_share
        return min(1.0, unfolded / self.unfolded_ms * (1 - share * len(self.folds)) + folded * share)

    def ticks(self, count: int = TICKS) -> tuple[Tick, ...]:
        """Return round times from the beginning on, outside folds, whose labels have room beside each other."""
        step = round_step(self.unfolded_ms / count)
        found: list[Tick] = []
        for begin, end in self.stretches():
            for number in range(ceil(begin / step), int(end / step) + 1):
                at = self.zero_ms + number * step
                place = self.fraction(at)
                if place <= 1 - CLEARANCE and (not found or place - found[-1].fraction >= CLEARANCE):
                    found.append(Tick(at, place, duration_label(number * step) if number else "0"))
        return tuple(found)

    def stretches(self) -> list[tuple[float, float]]:
        """Return (begin, end) of each stretch that isn't folded, in milliseconds since the beginning."""
        ends = [self.zero_ms, *(at for fold in self.folds for at in (fold.begin_ms, fold.end_ms)), self.now_ms]
        return [(begin - self.zero_ms, end - self.zero_ms) for begin, end in zip(ends[::2], ends[1::2], strict=True)]


def linear_axis(timeline: Timeline) -> Axis:
    """Return the axis of a timeline on which each millisecond has the same length."""
    return Axis(timeline.zero_ms, max(timeline.zero_ms, timeline.now_ms))


def folded_axis(timeline: Timeline, moments: Iterable[float] = (), begin_ms: float | None = None) -> Axis:
    """Return the axis of a timeline with the longest stretches folded in which nothing runs or begins.

    `moments` are further times that no such fold contains, such as those of the steps. All that is before `begin_ms` is
    in one fold.
    """
    linear = linear_axis(timeline)
    begin_ms = linear.zero_ms if begin_ms is None else max(linear.zero_ms, begin_ms - MARGIN_MS)
    idle = [Fold(begin + MARGIN_MS, end - MARGIN_MS) for begin, end in idle_stretches(timeline, moments, begin_ms)]
    longest = sorted(idle, key=lambda fold: -fold.length_ms)[: FOLDS - 1]
    if begin_ms > linear.zero_ms:
        longest.append(Fold(linear.zero_ms, begin_ms))
    return Axis(linear.zero_ms, linear.now_ms, tuple(sorted(longest, key=lambda fold: fold.begin_ms)))


def idle_stretches(timeline: Timeline, moments: Iterable[float], from_ms: float) -> Iterator[tuple[float, float]]:
    """Yield (begin, end) of each stretch of at least `IDLE_MS` from `from_ms` on in which nothing runs or begins."""
    busy = sorted(
        [(at, at) for at in (*moments, *(bar.begin.at_ms for bar in timeline.bars), timeline.now_ms)]
        + [span(bar, timeline.now_ms) for bar in timeline.bars if bar.kind in RUNNING]
    )
    reached = from_ms
    for begin, end in busy:
        if begin - reached >= IDLE_MS:
            yield reached, begin
        reached = max(reached, end)


def span(bar: Bar, now_ms: float) -> tuple[float, float]:
    """Return the beginning of a bar, and its end as far as it has come."""
    return bar.begin.at_ms, now_ms if bar.end_ms is None else min(bar.end_ms, now_ms)


def round_step(least_ms: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20… milliseconds that is at least `least_ms`."""
    decade = 10.0 ** max(0, floor(log10(max(1.0, least_ms))))
    return next(decade * factor for factor in (1, 2, 5, 10) if decade * factor >= least_ms)


def duration_label(milliseconds: float) -> str:
    """Return "500 ms", or from a second on "1.5 s"."""
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} s"
