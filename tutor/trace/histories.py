"""What a trace keeps of tasks, of processes and of the hand-overs between them. `tasks` and `processes` build it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tutor.protocol.lanes import Lane

ABSENT = "N/A"
"""The status of a task of which neither a queue row nor a Task row is there, and the cells of a row about no task."""
PAUSE_MS = 20.0
"""The least milliseconds without an event of a caller that count as a pause."""
NOTHING = "None"
"""The result of a task without a Task row."""


@dataclass(frozen=True, slots=True)
class Point:
    """An event, as a point in the time of a run."""

    number: int
    lane: str
    pid: int
    at_ms: float
    """Milliseconds since the lab was requested."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a task, numbered from 1: the pusher took it from the queue."""

    number: int
    picked: Point
    lock_s: float | None
    """The seconds for which its row was locked; None in runs that don't record it."""
    not_started: Point | None = None
    """When a worker that had taken it didn't enter the task's function; None if it did, or before."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One call of a task's function, whether or not an event shows its end."""

    task: str
    name: str
    func: str
    delivery: int | None
    """None under `sync=True`, where nothing is delivered."""
    started: Point
    """When its process entered the function."""
    returned: Point | None = None
    """When its function returned or raised an exception; its process then still has to make a result of it."""
    success: bool | None = None
    """None until the task has a result."""
    ended: Point | None = None
    """When the execution ended, by a result or by the death of its process; None until then."""
    finished: Point | None = None
    """When the worker knew its result."""
    received: Point | None = None
    """When another process showed that it had the result, by storing or acknowledging it."""
    is_dropped: bool = False
    """Whether that process stored nothing of it: the task has a success already, or doesn't keep its result."""
    lost: Point | None = None
    """When the death of the monitor was noticed, which may have had the result; None if it didn't die with it."""
    is_settled: bool = False
    """Whether its result was stored or dropped, or can't be any more because a process died."""

    @property
    def pid(self) -> int:
        return self.started.pid

    @property
    def goes_on(self) -> bool:
        """Whether its outcome is still to come: nothing of it is stored, and none of its processes has died."""
        return not self.is_settled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a Task row says of its task, at the time when the row was saved."""

    saved: Point
    success: bool
    result: str
    """The return value, or the text of the failure."""
    attempt_count: int
    delivery: int | None = None
    """The delivery that the result is of; None under `sync=True`, and for the row of a group."""

    @property
    def status(self) -> str:
        return "Success" if self.success else "Failed"


@dataclass(frozen=True, slots=True)
class Change:
    """The status and the stored result of a task from an event on."""

    number: int
    status: str
    result: str
    """`NOTHING` without a Task row."""


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """What happened to one task, as far as events show it."""

    id: str
    label: str
    """A short name that no other task of the run has, such as "charge", or "charge #2" for the second one."""
    description: Mapping[str, Any]
    """What it was queued with, as `tutor.protocol.event_fields.TASK` describes it."""
    uncommitted: Point | None = None
    queued: Point | None = None
    """When its row was committed, which is when other processes can see it."""
    rolled_back: Point | None = None
    """When its transaction was rolled back, or ended because its process died."""
    deliveries: tuple[Delivery, ...] = ()
    executions: tuple[Execution, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    acknowledged: Point | None = None
    """When its row was deleted from the queue. A task that was executed twice may be acknowledged twice."""
    deleted: Point | None = None
    """When its Task row was deleted; None while there is one, and before."""
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """Its name for django-q2; its label if no event has that, as in some old runs."""
        return str(self.description.get("name") or self.label)

    @property
    def outcome(self) -> Outcome | None:
        """What its Task row says; None without one."""
        return self.outcomes[-1] if self.outcomes and not self.deleted else None

    @property
    def is_queued(self) -> bool:
        """Whether its row is in the queue, committed or not."""
        return bool(self.queued or self.uncommitted or self.deliveries) and not (self.acknowledged or self.rolled_back)

    @property
    def status(self) -> str:
        """The task's status: that of its Task row if there is one, else Running, Pending or `ABSENT`."""
        if outcome := self.outcome:
            return outcome.status
        if any(each.goes_on for each in self.executions):
            return "Running"
        return "Pending" if self.is_queued else ABSENT

    @property
    def unsettled(self) -> tuple[int, ...]:
        """The deliveries whose outcome is still to come, although the status is that of a Task row."""
        if not self.outcome:
            return ()
        return tuple(each.delivery for each in self.executions if each.goes_on and each.delivery)

    @property
    def unstored(self) -> tuple[int, ...]:
        """Those of `unsettled` whose function has ended."""
        over = {each.delivery for each in self.executions if each.returned or each.finished}
        return tuple(number for number in self.unsettled if number in over)

    @property
    def result(self) -> str:
        """The result in its Task row; `NOTHING` without one."""
        return self.outcome.result if self.outcome else NOTHING

    def status_at(self, number: int) -> str:
        """Return the task's status after the event with that number; `ABSENT` before its first event."""
        return next((each.status for each in reversed(self.changes) if each.number <= number), ABSENT)

    def result_at(self, number: int) -> str:
        """Return the stored result after the event with that number."""
        return next((each.result for each in reversed(self.changes) if each.number <= number), NOTHING)

    @property
    def names(self) -> frozenset[str]:
        """The names by which a lesson can mean it: its label, its name, its function, and the function's last part."""
        func = str(self.description.get("func", ""))
        return frozenset({self.label, self.name, func, func.rpartition(".")[2]} - {""})


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch between two events of a process in which it stays where it is."""

    begin: Point
    end: Point | None
    """None while it lasts."""
    at_gate: bool = False
    """Whether the lab makes it wait there, for an event of another process."""
    task: str = ""
    """The id of the task that it works on then, if it waits at a gate."""

    def is_before(self, number: int) -> bool:
        """Return whether it was over before the event with that number."""
        return self.end is not None and self.end.number < number


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a lab."""

    role: str
    pid: int
    letter: str
    """A, B, C… for workers, in the order in which they appeared; empty for others."""
    first: Point
    """Its first event."""
    last: Point
    """Its last event so far."""
    pauses: tuple[Pause, ...] = ()
    """Those that are over: at gates and, of a caller, each of at least `PAUSE_MS`, in which it stays in one line."""
    gate: Pause | None = None
    """Its wait at a gate since its last event, if it makes one."""
    ended: Point | None = None
    """When the program of a caller ended."""
    killed: Point | None = None
    """When it was killed by an intervention, which is before its death is noticed."""
    died_ms: float | None = None
    """When its death was noticed."""
    died: str = ""
    """How it died, such as "SIGKILL"; empty unless it did."""
    cluster: str = ""
    """The cluster that it belongs to, if the lab runs several; otherwise empty."""

    @property
    def first_ms(self) -> float:
        return self.first.at_ms

    @property
    def last_ms(self) -> float:
        return self.last.at_ms

    def is_at_gate(self, number: int) -> bool:
        """Return whether it waits at a gate after the event with that number."""
        at_gates = [each for each in (*self.pauses, *([self.gate] if self.gate else [])) if each.at_gate]
        return any(each.begin.number <= number and not each.is_before(number + 1) for each in at_gates)

    def pause_at(self, at_ms: float) -> Pause | None:
        """Return the pause that it makes then, after its last event."""
        is_long = self.role == Lane.CALLER and self.ended is None and at_ms - self.last_ms >= PAUSE_MS
        return self.gate or (Pause(self.last, None) if is_long else None)

    @property
    def label(self) -> str:
        """Its name on pages: "worker A", "monitor", or "monitor of long" if several clusters have one."""
        return f"{self.role} {self.letter}" if self.letter else self.full_label

    @property
    def full_label(self) -> str:
        """Its name with its cluster, if the lab runs several."""
        return " ".join(filter(None, (self.role, self.letter, self.cluster and f"of {self.cluster}")))


@dataclass(frozen=True, slots=True)
class Message:
    """A hand-over that was seen at both ends."""

    kind: Literal["queued", "given", "result", "read"]
    """queued: from its queuer to the pusher; given: to a worker; result: to the monitor; read: to who read its row."""
    task: str
    delivery: int | None
    sent: Point
    received: Point


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a table of the lesson has from an event on."""

    point: Point
    count: int


@dataclass(frozen=True, slots=True)
class Write:
    """A process wrote to a table of the lesson; when exactly, between its events, isn't known."""

    point: Point
    """The event that shows it."""
    table: str
    task: str
    """The id of the task that the process executed; empty if it executed none."""


@dataclass(frozen=True, slots=True)
class Print:
    """Text that a process printed."""

    point: Point
    text: str


@dataclass(frozen=True, slots=True)
class Histories:
    """What a trace keeps of its tasks, of the lesson's own tables, and of its output."""

    tasks: Mapping[str, TaskHistory] = field(default_factory=dict)
    """Id → history, in the order in which the tasks appeared."""
    messages: tuple[Message, ...] = ()
    counts: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    """Name of a table of the lesson → how many committed rows it was seen to have, when that changed."""
    prints: tuple[Print, ...] = ()
    writes: tuple[Write, ...] = ()
    """Those to the lesson's own tables, in the order in which events show them."""
