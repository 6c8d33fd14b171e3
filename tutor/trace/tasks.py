"""The tasks of a run: their histories, as events go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.protocol.events import TASK
from tutor.protocol.lanes import WORKING, Lane

from .histories import Change, Delivery, Execution, Message, Outcome, Point, TaskHistory
from .model import CompletedEvent, RecordedEvent

NAMELESS = "task"
"""The label of a task whose function isn't known."""
DURING_AN_EXECUTION = ("started", "line", "returned", "finished", "printed", "logged", "warned", "gate", "intervened")
"""Kinds of events that, where they come from the executing process, are about its execution."""


class Tasks:
    """The history of each task so far, the hand-overs, and which task each process has last read."""

    def __init__(self) -> None:
        self.by_id: dict[str, TaskHistory] = {}
        self.labels: Counter[str] = Counter()
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
            self.lose_process(event.payload, point)
        if not (id := event.payload.get("task")) or event.kind not in CHANGES:
            return
        before = self.by_id.get(id) or self.new(id, event.payload)
        self.keep(CHANGES[event.kind](self, before, event.payload, point), point)

    def new(self, id: str, payload: Mapping[str, Any]) -> TaskHistory:
        """Return the history of a task that no event was about before."""
        description = {name: payload[name] for name in TASK if name in payload}
        given = (payload.get("options") or {}).get("task_name")
        base = given or str(payload.get("func") or NAMELESS).rpartition(".")[2]
        self.labels[base] += 1
        ordinal = self.labels[base]
        return TaskHistory(id, base if ordinal == 1 else f"{base} #{ordinal}", ordinal, description)

    def keep(self, history: TaskHistory, point: Point) -> None:
        """Keep a history that has changed at `point`."""
        change = Change(point.number, history.status, history.result)
        last = history.changes[-1] if history.changes else None
        if last is None or (last.status, last.result) != (change.status, change.result):
            history = replace(history, changes=(*history.changes, change))
        self.by_id[history.id] = history

    def read(self, event: RecordedEvent, point: Point) -> None:
        """Note the Task rows that the process has read."""
        ids = tuple(dict.fromkeys(row[0] for row in event.payload.get("read") or ()))
        if not ids:
            return
        self.last_read[event.pid] = ids
        for id in ids:
            if (task := self.by_id.get(id)) and (outcome := task.outcome) and outcome.saved.pid != event.pid:
                self.messages.append(Message("read", id, None, outcome.saved, point))

    def lose_process(self, payload: Mapping[str, Any], point: Point) -> None:
        """End the executions of a worker that has died; of the monitor, those whose results it had."""
        pid, is_monitor = payload["died_pid"], payload.get("process") == Lane.MONITOR
        for task in list(self.by_id.values()):
            executions = tuple(ended(each, pid, is_monitor, point) for each in task.executions)
            if executions != task.executions:
                self.keep(replace(task, executions=executions), point)

    def status_for(self, task: TaskHistory, event: RecordedEvent) -> str:
        """Return the status of `task` in a row that `event` makes: Running in a row about an execution that goes on."""
        own = event.payload.get("task") == task.id and event.lane in WORKING and event.kind in DURING_AN_EXECUTION
        if own and any(each.pid == event.pid and each.goes_on for each in task.executions):
            return "Running"
        return task.status

    def find(self, selector: str) -> TaskHistory | None:
        """Return the task that `selector` means so far; see `find_task`."""
        return find_task(self.by_id, selector)


def find_task(tasks: Mapping[str, TaskHistory], selector: str) -> TaskHistory | None:
    """Return the task (id → history) that `selector` means: an id, or a name or function, by default the last one.

    "charge#2" is the second one that is called charge.
    """
    if selector in tasks:
        return tasks[selector]
    name, _, nth = selector.partition("#")
    called = [each for each in tasks.values() if each.is_called(name.strip())]
    place = int(nth) - 1 if nth.isdecimal() else len(called) - 1
    return called[place] if 0 <= place < len(called) else None


def ended(execution: Execution, pid: int, is_monitor: bool, point: Point) -> Execution:
    """Return `execution` after the death of the process `pid`."""
    if execution.pid == pid and execution.ended_ms is None:
        return replace(execution, ended_ms=point.at_ms, is_settled=True)
    if is_monitor and execution.finished:
        return replace(execution, is_settled=True)
    return execution


def point_of(event: RecordedEvent) -> Point:
    return Point(event.number, event.lane, event.pid, round(event.at / 1e6, 3))


def uncommitted(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, uncommitted=point)


def queued(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, queued=point)


def rolled_back(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, rolled_back=point)


def picked(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    number = payload["delivery"]
    if task.queued:
        tasks.messages.append(Message("queued", task.id, number, task.queued, point))
    return replace(task, deliveries=(*task.deliveries, Delivery(number, point, payload.get("lock_s"))))


def started(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    number = payload["delivery"]
    if delivery := next((each for each in task.deliveries if each.number == number), None):
        tasks.messages.append(Message("given", task.id, number, delivery.picked, point))
    name, func = payload.get("name", ""), payload.get("func", "")
    execution = Execution(task.id, name, func, number, point.pid, point.at_ms, number=point.number)
    return replace(task, executions=(*task.executions, execution))


def returned(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Under `sync=True`, a task that raises has no other end."""
    if point.lane != Lane.CALLER or not payload.get("error"):
        return task
    return with_execution(task, payload["delivery"], point.pid, ended_ms=point.at_ms, is_settled=True)


def finished(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    end = {"success": payload["success"], "ended_ms": point.at_ms, "finished": point}
    return with_execution(task, payload["delivery"], point.pid, **end)


def with_execution(task: TaskHistory, delivery: int | None, pid: int, **fields: Any) -> TaskHistory:
    """Return `task` with other fields of the execution of a delivery by a process that has no result yet."""
    executions = list(task.executions)
    for index, each in enumerate(executions):
        if (each.delivery, each.pid) == (delivery, pid) and each.ended_ms is None:
            executions[index] = replace(each, **fields)
            break
    return replace(task, executions=tuple(executions))


def stored(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    executed = payload.get("result_of") or task.id
    if executed != task.id and executed in tasks.by_id:
        tasks.keep(settled(tasks, tasks.by_id[executed], payload, point), point)
    outcome = Outcome(point, payload["success"], payload["result"], payload.get("attempt_count", 1))
    task = replace(task, outcomes=(*task.outcomes, outcome), deleted=None)
    return settled(tasks, task, payload, point) if executed == task.id else task


def acknowledged(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(settled(tasks, task, payload, point), acknowledged=point)


def settled(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Return `task` with the execution settled whose result `payload` is about: that of its delivery, or the oldest."""
    delivery = payload.get("delivery")
    for index, each in enumerate(task.executions):
        if each.finished and not each.is_settled and delivery in (None, each.delivery):
            tasks.messages.append(Message("result", task.id, each.delivery, each.finished, point))
            done = replace(each, is_settled=True)
            return replace(task, executions=(*task.executions[:index], done, *task.executions[index + 1 :]))
    return task


def deleted(tasks: Tasks, task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    return replace(task, deleted=point)


CHANGES = {
    each.__name__: each
    for each in (uncommitted, queued, rolled_back, picked, started, returned, finished, stored, acknowledged, deleted)
}
"""Kind of event → what it changes in its task's history."""
