"""What the processes of a run have printed, and what else was noticed, line by line. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.protocol.texts import shortened
from tutor.trace.bars import Place
from tutor.trace.histories import Print
from tutor.trace.model import Step, Trace
from tutor.trace.state import TraceState

from .lane_places import Lane, lane_of

LINES, LENGTH = 20, 300
"""The maximum lines that are shown, and the maximum characters in a line."""


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A line of the output, or a notice."""

    at_ms: float
    """Milliseconds since the lab was requested."""
    lane: Lane
    """The process that it is of."""
    text: str
    kind: str
    """`printed`, or the kind of the notice."""
    is_new: bool
    """Whether it came after the step before."""
    number: str
    """Its place among the prints or the notices of the run."""
    whole: str = ""
    """The whole message of a notice that has only a part of it; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Output:
    """The last lines of the output at a step."""

    lines: tuple[OutputLine, ...] = ()
    left_out: int = 0
    """The number of lines before them."""
    step: int = 0
    """The last step at which those lines end; 0 if there is none."""

    @property
    def new(self) -> int:
        """The number of lines that are new."""
        return sum(line.is_new for line in self.lines)


def output_at(trace: Trace, position: int) -> Output:
    """Return the output after step `position`."""
    if not position:
        return Output()
    step, before = trace.steps[position - 1], trace.steps[position - 2] if position > 1 else None
    found = sorted((*printed(trace, step, before), *noticed(step, before)), key=lambda line: line.at_ms)
    shown = found[-LINES:]
    left_out = count_at(trace, step) - len(shown)
    last = bisect_right(trace.steps[:position], left_out, key=lambda each: count_at(trace, each)) if left_out else 0
    return Output(tuple(shown), left_out, last)


def printed(trace: Trace, step: Step, before: Step | None) -> Iterator[OutputLine]:
    """Yield the last lines that were printed up to a step."""
    prints = trace.histories.prints
    count = prints_at(prints, step)
    for number, each in enumerate(prints[max(0, count - LINES) : count], max(0, count - LINES)):
        lane = lane_at(step.state, each.point.lane, each.point.pid)
        is_new = before is None or each.point.number > before.event_number
        text = each.text.rstrip("\n")
        yield OutputLine(each.point.at_ms, lane, shortened(text, LENGTH), "printed", is_new, f"{number}")


def noticed(step: Step, before: Step | None) -> Iterator[OutputLine]:
    """Yield the last notices up to a step."""
    notices = step.state.notices
    known = len(before.state.notices) if before else 0
    for number, each in enumerate(notices[-LINES:], max(0, len(notices) - LINES)):
        lane = lane_at(step.state, each.process, each.pid)
        yield OutputLine(each.at_ms, lane, each.text, each.kind, number >= known, f"n{number}", each.whole)


def lane_at(state: TraceState, role: str, pid: int) -> Lane:
    process = next((each for each in state.processes if (each.role, each.pid) == (role, pid)), None)
    return lane_of(Place(role, pid or 1), process)


def count_at(trace: Trace, step: Step) -> int:
    """Return the number of prints and notices up to a step."""
    return prints_at(trace.histories.prints, step) + len(step.state.notices)


def prints_at(prints: Sequence[Print], step: Step) -> int:
    return bisect_right(prints, step.event_number, key=lambda each: each.point.number)
