"""The timeline of a run at one of its steps, as a drawing: lanes, marks, arrows and signs on one clock. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.trace.model import Step, Trace
from tutor.trace.timeline import Timeline, timeline_at

from ..task_tags import task_tags
from ..window import up_to
from .time_axis import FOLD_SHARE, FOLDS, Axis, Fold
from .timeline_lanes import MarkedLane, marked_lanes
from .timeline_measure import Measure, measured
from .timeline_now import state_of
from .timeline_signs import DrawnArrow, Flag, Sign, draw_arrows, draw_flags, draw_signs, lanes_by_place
from .timeline_texts import Writer

WHOLE, PAGE = 96, 48
"""The most steps of a run of which everything so far is drawn, and the steps by which a longer one is folded."""
MOST, FEW = 11, 8
"""The maximum arrows, flags and pairs of marks, up to a step that parts show with all before it, and at a later one."""
QUEUEING = frozenset({"program", "paused", "waiting", "rows"})
"""The kinds of bars that there are before a task is taken."""
MARGIN_MS = 60.0
"""What is left of a stretch in which nothing happens on each side of its fold."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The timeline."""

    axis: Axis
    is_whole: bool
    """Whether everything so far is drawn; otherwise the first fold has what was before."""
    lanes: tuple[MarkedLane, ...]
    states: tuple[str, ...]
    """What each lane does at the step."""
    arrows: Sequence[DrawnArrow]
    arrows_left_out: int
    signs: Sequence[Sign]
    flags: Sequence[Flag]
    """Those of the last steps."""
    earlier_steps: int
    """How many steps before them share one flag."""
    earlier_ends: tuple[float, float]
    """The places of the first and of the last of those, as shares of the clock."""
    measure: Measure | None
    writer: Writer

    @property
    def bottom(self) -> float:
        """The y of the clock's line."""
        return self.lanes[-1].bottom if self.lanes else 0.0

    @property
    def heights(self) -> dict[str, float]:
        """The heights of the part that is zoomed, in which signs of no lane stand on the clock's line, and of all."""
        return {"view": self.bottom + 10, "all": self.bottom + 42}

    @property
    def folds(self) -> str:
        """The beginning and the end of each fold, in milliseconds since the program's first event."""
        ends = (at - self.axis.zero_ms for fold in self.axis.folds for at in (fold.begin_ms, fold.end_ms))
        return " ".join(f"{at:.3f}" for at in ends)

    @property
    def now(self) -> float:
        return round(self.axis.now_ms - self.axis.zero_ms, 3)

    @property
    def joined(self) -> int:
        """How many bars have no mark of their own."""
        marks = [mark for lane in self.lanes for mark in lane.marks if len(mark.bars) > 1]
        return sum(len(mark.bars) for mark in (*marks, *(mark for lane in self.lanes for mark in lane.earlier)))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is drawn together or left out."""
        return self.is_whole and not self.joined and not self.arrows_left_out

    @property
    def kinds(self) -> frozenset[str]:
        """The looks of marks, and the kinds of arrows and signs, for the legend."""
        looks = {mark.look for lane in self.lanes if not lane.band for mark in lane.marks}
        looks |= {mark.look for lane in self.lanes for mark in lane.earlier}
        looks |= {"band" for lane in self.lanes if lane.band}
        return frozenset({*looks, *(each.arrow.kind for each in self.arrows), *(sign.kind for sign in self.signs)})


def draw_timeline(trace: Trace, position: int) -> Drawing:
    """Return the drawing of `trace` at a step from 1 on."""
    first = first_step(position)
    steps = trace.steps[first:position]
    step = steps[-1]
    timeline = timeline_at(trace, position, steps[0].event_number if first else 0)
    notices = trace.state_at(position).notices
    moments = [*(each.at_ms for each in steps), *(each.at_ms for each in notices)]
    axis = axis_of(timeline, moments, steps[0].at_ms if first else None)
    shown = up_to(position).of(trace.steps)
    most = MOST if len(shown) == position else FEW
    lanes = marked_lanes(timeline, axis, 2 * most, step.task)
    by_place = lanes_by_place(lanes)
    tags = task_tags(tuple(task.label for task in trace.tasks))
    writer = Writer(trace.histories.tasks, tags, timeline.processes, timeline.zero_ms, timeline.now_ms)
    arrows, more = draw_arrows(timeline, by_place, axis, step.task, most)
    return Drawing(
        axis=axis,
        is_whole=not first,
        lanes=lanes,
        states=tuple(state_of(lane, writer) for lane in lanes),
        arrows=arrows,
        arrows_left_out=more,
        signs=tuple(draw_signs(timeline.processes, notices, by_place, axis)),
        flags=draw_flags(shown[-most:], axis),
        earlier_steps=max(0, position - most),
        earlier_ends=ends_of(trace.steps[: max(0, position - most)], axis),
        measure=measured(timeline, steps, writer),
        writer=writer,
    )


def ends_of(steps: Sequence[Step], axis: Axis) -> tuple[float, float]:
    """Return the places of the first and of the last step, as shares of the clock."""
    return (axis.fraction(steps[0].at_ms), axis.fraction(steps[-1].at_ms)) if steps else (0.0, 0.0)


def first_step(position: int) -> int:
    """Return how many steps before the one at `position` are folded, which stays the same for `PAGE` steps."""
    return 0 if position <= WHOLE else ((position - 1) // PAGE - 1) * PAGE


def axis_of(timeline: Timeline, moments: Iterable[float], begin_ms: float | None = None) -> Axis:
    """Return the axis of a timeline. No fold contains a moment at which something happens, or one of `moments`.

    Before the first task is taken, the program only queues tasks, and nothing but `moments` counts. Processes may be
    busy in a fold all the time. The longest stretches are folded, each as long as it would take more room than its
    fold. All that is before `begin_ms` is in one fold.
    """
    zero, now = timeline.zero_ms, max(timeline.zero_ms, timeline.now_ms)
    begin_ms = zero if begin_ms is None else begin_ms - MARGIN_MS
    taken = min((bar.begin.at_ms for bar in timeline.bars if bar.kind not in QUEUEING), default=now)
    bars = (at for bar in timeline.bars for at in (bar.begin.at_ms, bar.end_ms) if at is not None)
    arrows = (at for arrow in timeline.arrows for at in (arrow.sent.at_ms, arrow.received.at_ms))
    happens = (at for at in (*bars, *arrows, taken) if at >= taken)
    times = sorted({begin_ms, now, *(at for at in (*happens, *moments) if begin_ms < at < now)})
    longest = sorted(pairwise(times), key=lambda each: each[0] - each[1])
    rest, folds = now - begin_ms, [Fold(zero, begin_ms)] if begin_ms > zero else []
    for begin, end in longest[: FOLDS - len(folds)]:
        fold = Fold(begin + MARGIN_MS, end - MARGIN_MS)
        if fold.length_ms > 1.5 * FOLD_SHARE * rest:
            folds.append(fold)
            rest -= fold.length_ms
    return Axis(zero, now, tuple(sorted(folds, key=lambda fold: fold.begin_ms)))
