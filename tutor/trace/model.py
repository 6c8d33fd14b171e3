"""The values that a trace is made of. `projector` builds them; everything else reads them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .code_history import CodeHistory
from .histories import Execution, Histories, Point, Process, TaskHistory
from .state import TraceState
from .tokens import Token

HEADLINE = 90
"""The maximum length of a headline, in characters."""
NOT_YET = "not yet"
"""The text of a program's variable before the program has such a name."""


class RecordedEvent(Protocol):
    """The fields of an event that the trace reads, such as those of `tutor.runs.models.Event`."""

    number: int
    kind: str
    lane: str
    pid: int
    at: int
    """Nanoseconds since the lab was requested."""
    payload: dict[str, Any]


def milliseconds(event: RecordedEvent) -> float:
    """Return the milliseconds from the request of the lab to the event, to the microsecond."""
    return round(event.at / 1e6, 3)


def point_of(event: RecordedEvent) -> Point:
    """Return the event as a point in the time of the run."""
    return Point(event.number, event.lane, event.pid, milliseconds(event))


@dataclass(slots=True)
class CompletedEvent:
    """An event whose payload was completed: by what its task was queued with, or to a whole picture of the tables."""

    number: int
    kind: str
    lane: str
    pid: int
    at: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the execution table."""

    number: int
    id: str
    """The id of the lesson's rule that made the step."""
    short: str
    action: str
    headline: str
    """What happens now, by whom, to what: at most `HEADLINE` characters."""
    task: str
    """The id of the task that the row is about; empty if it is about none."""
    task_label: str
    """That task's label; empty if there is none."""
    status: str
    """The task's status; `histories.ABSENT` in a row about no task."""
    unsettled: tuple[int, ...]
    """The deliveries of the task whose outcome is still to come, although it has a Task row."""
    unstored: tuple[int, ...]
    """Those of them whose function has ended."""
    result: str
    """The result that is stored for the task, shortened."""
    full_result: str
    """The whole result where `result` is shortened, such as a stored traceback; otherwise empty."""
    note: str
    more: str
    """The rest of the note, for those who ask."""
    token: Token | None
    """The token that the step moved, after it; None if the step lights no node."""
    sentence: str
    """The step as a sentence, for screen readers and the transcript."""
    closing: str
    """The lesson's closing line if this step makes it true; otherwise empty."""
    event: str
    """The kind of the event that made the step."""
    event_number: int
    payload: Mapping[str, Any]
    """The payload of that event."""
    process: str
    """The role of its process."""
    pid: int
    process_label: str
    """Its process as pages name it, such as "worker A"."""
    at_ms: float
    """Milliseconds since the lab was requested."""
    state: TraceState


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended."""

    outcome: str
    """finished, failed, stopped or lost."""
    reason: str
    at_ms: float


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the variable tracker: the variable's text at the start and after each step."""

    name: str
    label: str
    kind: str
    """derived, program, status or result."""
    values: tuple[str, ...]
    """Index 0 is the start, index n is after step n."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that a run shows."""

    steps: tuple[Step, ...] = ()
    variables: tuple[Variable, ...] = ()
    histories: Histories = field(default_factory=Histories)
    code: CodeHistory = field(default_factory=CodeHistory)
    start: TraceState = field(default_factory=TraceState)
    state: TraceState = field(default_factory=TraceState)
    """The state after the last event, which may be later than the last step."""
    ended: RunEnd | None = None
    number: int = 0
    """The number of the last event."""
    at_ms: float = 0.0

    @property
    def zero_ms(self) -> float:
        """When the program began, in milliseconds since the lab was requested. Pages count times from there."""
        return next((each.first_ms for each in self.processes if each.role == "caller"), 0.0)

    @property
    def tasks(self) -> tuple[TaskHistory, ...]:
        """The tasks in the order in which they appeared."""
        return tuple(self.histories.tasks.values())

    @property
    def executions(self) -> tuple[Execution, ...]:
        """The executions of all tasks in the order in which they began."""
        found = (each for task in self.tasks for each in task.executions)
        return tuple(sorted(found, key=lambda each: each.started.number))

    @property
    def processes(self) -> tuple[Process, ...]:
        """The lab's processes in order of appearance."""
        return self.state.processes

    def step_at(self, number: int) -> int:
        """Return the last step up to the event with that number; 0 before the first step."""
        return bisect_right(self.steps, number, key=lambda step: step.event_number)

    def state_at(self, position: int) -> TraceState:
        """Return the state after step `position`; 0 is the start."""
        return self.steps[position - 1].state if position else self.start
