"""What a timeline measures by itself: how long two executions overlap; without any, the time since a step. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.trace.bars import Bar, Place
from tutor.trace.model import Step
from tutor.trace.timeline import Timeline

from .time_axis import span
from .timeline_texts import Writer, clock, delivered, length

SEARCHED, FEW = 40, 4
"""The last executions among which it looks, and the most of which any two that overlap are worth to be measured."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A length of time between two moments."""

    begin_name: str
    end_name: str
    begin: float
    end: float
    """Both in milliseconds since the program's first event."""
    says: str
    place: Place | None = None
    """The lane below which it is drawn; None if it isn't drawn."""

    @property
    def begin_text(self) -> str:
        return clock(self.begin)

    @property
    def end_text(self) -> str:
        return clock(self.end)

    @property
    def length_text(self) -> str:
        return length(self.end - self.begin)


def measured(timeline: Timeline, steps: Sequence[Step], writer: Writer) -> Measure | None:
    """Return the last overlap of two executions, of the same task if there is one, or the time between two steps."""
    executions = [bar for bar in timeline.bars if bar.kind == "execution" and not bar.died][-SEARCHED:]
    pairs = [pair for pair in pairwise(executions) if overlaps(*pair, timeline.now_ms)]
    same = [pair for pair in pairs if pair[0].task == pair[1].task]
    if same or (pairs and len(executions) <= FEW):
        return overlap(*(same or pairs)[-1], timeline.now_ms, writer)
    return since_step_before(steps[-2], steps[-1], writer) if len(steps) > 1 else None


def overlaps(one: Bar, other: Bar, now_ms: float) -> bool:
    return one.place != other.place and span(one, now_ms)[1] > other.begin.at_ms


def overlap(one: Bar, other: Bar, now_ms: float, writer: Writer) -> Measure:
    """Return the overlap of two executions, of which `other` begins later."""
    first = min((one, other), key=lambda bar: span(bar, now_ms)[1])
    end = span(first, now_ms)[1]
    ends = "now" if first.end_ms is None else f"{writer.name(*first.place)} ends {delivered(first)}"
    begins = f"{writer.name(*other.place)} begins {delivered(other)}"
    zero = writer.zero_ms
    return Measure(begins, ends, other.begin.at_ms - zero, end - zero, "both are at work for", one.place)


def since_step_before(before: Step, step: Step, writer: Writer) -> Measure:
    """Return the time between two steps."""
    names = f"step {before.number}, {before.short}", f"step {step.number}, {step.short}"
    return Measure(*names, before.at_ms - writer.zero_ms, step.at_ms - writer.zero_ms, "between them")
