"""The tasks of a run: their histories, as events go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.protocol.event_fields import TASK

from . import executions
from .histories import Change, Delivery, Execution, Message, Outcome, Point, TaskHistory
from .model import CompletedEvent, RecordedEvent, point_of
from .task_names import index, selected

NAMELESS = "task"
"""The label of a task whose function isn't known."""


class Tasks:
    """The history of each task so far, the hand-overs, and which task each process has last read."""

    def __init__(self) -> None:
        self.by_id: dict[str, TaskHistory] = {}
        self.by_name: dict[str, list[str]] = {}
        """Name → the ids of the tasks that are called so, in the order in which they appeared."""
        self.messages: list[Message] = []
        self.last_read: dict[int, tuple[str, ...]] = {}
        """Pid → the tasks whose rows the process has read between its last two events that say so."""

    def completed(self, event: RecordedEvent) -> RecordedEvent:
        """Return `event` with all that is known of its task in its payload."""
        known = self.by_id.get(event.payload.get("task") or "")
        if known is None:
            return event
        payload = {**known.description, **event.payload}
        return CompletedEvent(event.number, event.kind, event.lane, event.pid, event.at, payload)

    def apply(self, event: RecordedEvent) -> None:
        """Apply what `event` means to the tasks."""
        point = point_of(event)
        self.read(event, point)
        if event.kind == "died":
            self.bereave(event.payload, point)
        if not (id := event.payload.get("task")) or event.kind not in CHANGES:
            return
        before = self.by_id.get(id) or self.new(id, event.payload)
        self.keep(CHANGES[event.kind](self, before, event.payload, point), point)

    def new(self, id: str, payload: Mapping[str, Any]) -> TaskHistory:
        """Return the history of a task that no event was about before."""
        description = {name: payload[name] for name in TASK if name in payload}
        given = (payload.get("options") or {}).get("task_name")
        base = given or str(payload.get("func") or NAMELESS).rpartition(".")[2]
        labels = {each.label for each in self.by_id.values()}
        label, number = base, 1
        while label in labels:
            number += 1
            label = f"{base} #{number}"
        return TaskHistory(id, label, description)

    def keep(self, history: TaskHistory, point: Point) -> None:
        """Keep a history that has changed at `point`."""
        change = Change(point.number, history.status, history.result)
        last = history.changes[-1] if history.changes else None
        if last is None or (last.status, last.result) != (change.status, change.result):
            history = replace(history, changes=(*history.changes, change))
        if history.id not in self.by_id:
            index(self.by_name, history)
        self.by_id[history.id] = history

    def read(self, event: RecordedEvent, point: Point) -> None:
        """Note the Task rows that the process has read, each as it was after one of its attempts."""
        rows = event.payload.get("read") or ()
        if rows:
            self.last_read[event.pid] = tuple(dict.fromkeys(id for id, _ in rows))
        for id, attempt in rows:
            outcomes = self.by_id[id].outcomes if id in self.by_id else ()
            outcome = next((each for each in reversed(outcomes) if each.attempt_count == attempt), None)
            if outcome and outcome.saved.pid != event.pid:
                self.messages.append(Message("read", id, outcome.delivery, outcome.saved, point))

    def commit(self, point: Point) -> None:
        """Note that the process of `point` has committed its transaction, with all tasks that it queued inside it.

        Their events `queued` follow each other, as Django calls the functions registered with `on_commit` one by one.
        """
        for task in list(self.by_id.values()):
            opened = task.uncommitted
            if opened and opened.pid == point.pid and not (task.queued or task.rolled_back):
                self.keep(replace(task, queued=point), point)

    def bereave(self, payload: Mapping[str, Any], point: Point) -> None:
        """Apply the death of a process to the tasks that it worked on."""
        for task in list(self.by_id.values()):
            after = executions.bereaved(task, payload, point)
            if after != task:
                self.keep(after, point)

    def settled(self, task: TaskHistory, execution: Execution | None, point: Point, *, is_dropped: bool) -> TaskHistory:
        """Return `task` after the process of `point` has stored or dropped the result of `execution`."""
        if execution is None:
            return task
        if execution.finished and execution.pid != point.pid:
            self.messages.append(Message("result", task.id, execution.delivery, execution.finished, point))
        return executions.settled(task, execution, point, is_dropped=is_dropped)

    def find(self, selector: str) -> TaskHistory | None:
        """Return the task that `selector` means so far; see `task_names.find_task`."""
        return selected(self.by_id, self.by_name, selector)


def uncommitted(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, uncommitted=point)


def queued(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    if task.uncommitted and not task.queued:
        tasks.commit(point)
    return replace(task, queued=task.queued or point)


def rolled_back(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, rolled_back=point)


def picked(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    number = payload["delivery"]
    if task.queued:
        tasks.messages.append(Message("queued", task.id, number, task.queued, point))
    return replace(task, deliveries=(*task.deliveries, Delivery(number, point, payload.get("lock_s"))))


def started(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    number = payload.get("delivery")
    if delivery := next((each for each in task.deliveries if each.number == number), None):
        tasks.messages.append(Message("given", task.id, number, delivery.picked, point))
    return executions.begun(task, payload, point)


def not_started(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    number = payload.get("delivery")
    delivery = next((each for each in task.deliveries if each.number == number), None)
    if delivery is None:
        return task
    tasks.messages.append(Message("given", task.id, number, delivery.picked, point))
    ended = replace(delivery, not_started=point)
    return replace(task, deliveries=tuple(ended if each is delivery else each for each in task.deliveries))


def returned(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return executions.returned(task, payload, point)


def finished(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return executions.finished(task, payload, point)


def stored(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    executed = tasks.by_id.get(payload.get("result_of") or task.id, task)
    execution = executions.due(executed, payload.get("delivery"), point)
    after = tasks.settled(executed, execution, point, is_dropped=False)
    if after.id == task.id:
        task, delivery = after, execution.delivery if execution else payload.get("delivery")
    else:  # The row of a group, which the result of its last task completes.
        tasks.keep(after, point)
        delivery = None
    outcome = Outcome(point, payload["success"], payload["result"], payload.get("attempt_count", 1), delivery)
    return replace(task, outcomes=(*task.outcomes, outcome), deleted=None)


def acknowledged(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    execution = executions.due(task, payload.get("delivery"), point)
    after = tasks.settled(task, execution, point, is_dropped=True)
    return replace(after, acknowledged=task.acknowledged or point)


def deleted(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, deleted=point)


CHANGES = {
    each.__name__: each
    for each in (
        uncommitted,
        queued,
        rolled_back,
        picked,
        started,
        not_started,
        returned,
        finished,
        stored,
        acknowledged,
        deleted,
    )
}
"""Kind of event → what it changes in its task's history."""
