"""What an event and a step are about: a task, or the subject whose token moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.lessons.templating import fill
from tutor.protocol.lanes import Lane

from .histories import TaskHistory
from .model import RecordedEvent
from .tasks import Tasks
from .tokens import Subject

NOBODY = "none"
"""`about` of a row that is about no task."""
READ = "read"
"""`about` of a row that is about the task that its process has just read."""
OWN = "task"
"""`token` of an event that moves the token of the delivery that it is about."""
ABOUT = "about"
"""`token` of an event that moves the token of the task that its row is about."""
ALONE: Mapping[str, str] = {"caller": "the program", "schedule": "the schedule", "cluster": "the cluster"}
"""Kind of a subject of which there is one → its label."""


class Subjects:
    """Finds what events are about, in the state of the tasks after each event."""

    def __init__(self, tasks: Tasks) -> None:
        self.tasks = tasks

    def task_of(self, event: RecordedEvent, about: str | None, names: Mapping[str, Any]) -> TaskHistory | None:
        """Return the task that a row is about: its event's own, or the one that its process has just read.

        `about` is the rule's: `NOBODY`, `READ`, or a template for a task's id, name or function; None for the default.
        """
        if about == NOBODY:
            return None
        if about not in (None, READ):
            return self.tasks.find(fill(about, names).strip("'\""))
        own = self.tasks.by_id.get(event.payload.get("task") or "")
        return own if own and about is None else self.just_read(event.pid)

    def just_read(self, pid: int) -> TaskHistory | None:
        """Return the task that the process has last read; None if it read several at once, or none."""
        read = self.tasks.last_read.get(pid, ())
        return self.tasks.by_id.get(read[0]) if len(read) == 1 else None

    def subject_of(self, event: RecordedEvent, owner: str, about: TaskHistory | None = None) -> tuple[Subject, str]:
        """Return the subject whose token `event` moves, and its label. `owner` says whose it is."""
        if owner == ABOUT and about:
            stored = about.outcome.delivery if about.outcome else None
            return delivery_of(about, stored or len(about.deliveries) or 1)
        own = self.tasks.by_id.get(event.payload.get("task") or "")
        if owner in (OWN, ABOUT) and own:
            return delivery_of(own, self.delivery_number(event, own))
        if owner == "group" and own:
            group = str((event.payload.get("options") or {}).get("group", own.id))
            return Subject("group", group), f"the group {group}"
        kind = owner if owner in ALONE else kind_of(event)
        return Subject(kind), ALONE[kind]  # type: ignore[arg-type]

    def delivery_number(self, event: RecordedEvent, task: TaskHistory) -> int:
        """Return which delivery of `task` the event is about: 1 before the first."""
        if number := event.payload.get("delivery"):
            return int(number)
        pid = event.payload.get("died_pid", event.pid)
        of_process = [each.delivery for each in task.executions if each.pid == pid]
        if of_process:
            return of_process[-1] or 1
        received = [(each.received.number, each.delivery) for each in task.executions if each.received]
        if received and event.lane == Lane.MONITOR:
            return max(received)[1] or 1
        return len(task.deliveries) or 1


def delivery_of(task: TaskHistory, number: int) -> tuple[Subject, str]:
    label = task.label if number == 1 else f"{task.label}, delivery {number}"
    return Subject("task", task.id, number), label


def kind_of(event: RecordedEvent) -> str:
    """Return the kind of subject that an event about no task belongs to."""
    if event.lane == Lane.CALLER:
        return "caller"
    return "schedule" if event.kind == "scheduled" else "cluster"
