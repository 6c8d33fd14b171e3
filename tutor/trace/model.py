"""The trace: a pure, deterministic projection of a run's events through its lesson's rules.

`trace(lesson, events)` needs no database, no request and no clock. It is monotone: the steps of a prefix of the events
are a prefix of the steps of all of them, so what a watcher was shown live is what the store shows for ever after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

NOT_YET = "not yet"


class Seen(Protocol):
    """What the trace reads of an event: `tutor.runs.models.Event`, saved or not."""

    number: int
    kind: str
    lane: str
    pid: int
    at: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Position:
    """Where one process stands in one file."""

    role: str
    """Its lane: caller or worker."""
    pid: int
    file: str
    line: int | None
    """The line about to run; None when the frame has returned."""
    ran: int | None
    """The line that has just run in the same frame, if any."""
    locals: Mapping[str, str]
    """Names and values, as bounded text, before `line` runs."""

    @property
    def at(self) -> int | None:
        """The line that it stands at: the next one, or the one that it left the frame from."""
        return self.ran if self.line is None else self.line


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the page says beside the rows: a gate, an intervention, a warning, a death."""

    kind: str
    text: str
    process: str
    pid: int
    at_ms: float
    """Milliseconds since the lab was asked for."""


@dataclass(frozen=True, slots=True)
class State:
    """What can be seen at one moment: the fold of all events up to it."""

    variables: Mapping[str, str] = field(default_factory=dict)
    """Tracked variable → text."""
    changed: frozenset[str] = frozenset()
    """The variables whose text differs from the step before."""
    rows: Mapping[str, Any] | None = None
    """The lab's own OrmQ and Task rows as the last process that looked saw them; None before anybody looked."""
    rows_changed: frozenset[str] = frozenset()
    """The tables that differ from the step before."""
    node: str | None = None
    """The flow's lit node."""
    past_nodes: frozenset[str] = frozenset()
    edges: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Flow edge → how often it was taken."""
    positions: tuple[Position, ...] = ()
    """One per process that runs the lesson's lines, the caller first."""
    lines_run: frozenset[tuple[str, int]] = frozenset()
    """(file, line) of every line that has run."""
    printed: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the execution table."""

    number: int
    id: str
    """The lesson's rule that made it."""
    short: str
    action: str
    status: str
    result: str
    """The stored result, brief."""
    whole: str
    """The whole of it where `result` is cut, such as a stored traceback; else empty."""
    note: str
    say: str
    """The step in a sentence, for the live region and the transcript."""
    closing: str
    """The lesson's closing line, where this step is the one that makes it true; else empty."""
    event: str
    """The kind of the event that made it."""
    event_number: int
    payload: Mapping[str, Any]
    """What that event says."""
    process: str
    pid: int
    at_ms: float
    """Milliseconds since the lab was asked for."""
    state: State

    @property
    def status_class(self) -> str:
        """The status as the page colours it: pending, running, success, failed or none."""
        known = self.status.lower()
        return known if known in ("pending", "running", "success", "failed") else "none"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    outcome: str
    """finished, failed, stopped or lost."""
    reason: str
    at_ms: float


@dataclass(frozen=True, slots=True)
class Execution:
    """One call of a task's function by a worker, whether or not its end was seen."""

    task: str
    name: str
    func: str
    delivery: int
    pid: int
    at_ms: float
    success: bool | None = None
    """None while its end has not been seen."""
    ended_ms: float | None = None
    """When it ended, in whatever way; None while that has not been seen."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of the variable tracker: its text at the start and after each step."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    """Index 0 is the start, index n is after step n."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that a run shows."""

    steps: tuple[Step, ...] = ()
    variables: tuple[Variable, ...] = ()
    executions: tuple[Execution, ...] = ()
    processes: tuple[tuple[str, int], ...] = ()
    """(role, pid) in order of appearance; the host is not one."""
    start: State = State()
    state: State = State()
    """After the last event, which may be later than the last step's."""
    ended: Ended | None = None
    edition: str = ""
    """The edition of the lesson that was run; "" where that was not recorded."""
    number: int = 0
    """The last event's number."""
    at_ms: float = 0.0

    def at(self, position: int) -> State:
        """The state after step `position`; 0 is the start."""
        return self.steps[position - 1].state if position else self.start

    def transcript(self, position: int) -> str:
        """The run in plain prose, up to step `position`."""
        return " ".join(step.say for step in self.steps[:position] if step.say)
