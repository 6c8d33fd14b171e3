"""The executions of a task: how they begin, how they end, and when their results are known to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tutor.protocol.lanes import Lane

from .histories import Execution, Point, TaskHistory


def begun(task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Return `task` with the execution that begins at `point`."""
    execution = Execution(task.id, payload.get("name", ""), payload.get("func", ""), payload.get("delivery"), point)
    return replace(task, executions=(*task.executions, execution))


def finished(task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Return `task` after its function has a result in the process of `point`."""
    execution = current(task, payload, point)
    if execution is None:
        return task
    # Under `sync=True` no acknowledgement shows that a result isn't kept as a row.
    options = task.description.get("options") or {}
    dropped = execution.delivery is None and (options.get("save") is False or bool(options.get("cached")))
    end = replace(execution, success=payload["success"], ended=point, finished=point, is_settled=dropped)
    return replaced(task, execution, end)


def returned(task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Return `task` after its function has returned, or raised: under `sync=True` an exception has no other end."""
    execution = current(task, payload, point)
    if execution is None:
        return task
    after = replace(execution, returned=point)
    if payload.get("error") and execution.delivery is None:
        after = replace(after, ended=point, is_settled=True)
    return replaced(task, execution, after)


def current(task: TaskHistory, payload: Mapping[str, Any], point: Point) -> Execution | None:
    """Return the execution of a delivery that goes on in the process of `point`."""
    own = (each for each in task.executions if each.pid == point.pid and each.ended is None)
    return next((each for each in own if each.delivery == payload.get("delivery")), None)


def due(task: TaskHistory, delivery: int | None, point: Point) -> Execution | None:
    """Return the execution whose result the process of `point` has stored, or acknowledged.

    Without a delivery, it is the first one that finished: other processes than the monitor store their own results
    only, and runs of the first edition don't record which one it is.
    """
    known = [(each.finished.number, each) for each in task.executions if each.finished and not each.received]
    found = [
        (number, each)
        for number, each in known
        if delivery in (None, each.delivery) and (point.lane == Lane.MONITOR or each.pid == point.pid)
    ]
    return min(found, key=lambda each: each[0])[1] if found else None


def settled(task: TaskHistory, execution: Execution, point: Point, *, is_dropped: bool) -> TaskHistory:
    """Return `task` after the result of `execution` was stored or dropped by the process of `point`."""
    return replaced(task, execution, replace(execution, received=point, is_dropped=is_dropped, is_settled=True))


def bereaved(task: TaskHistory, payload: Mapping[str, Any], point: Point) -> TaskHistory:
    """Return `task` after the death of a process that executed it or was queueing it, or of the monitor.

    A monitor may have had its result, and a transaction that is open ends with its process.
    """
    opened = task.uncommitted
    if opened and opened.pid == payload["died_pid"] and not (task.queued or task.deliveries or task.rolled_back):
        task = replace(task, rolled_back=point)
    is_monitor = payload.get("process") == Lane.MONITOR
    for each in task.executions:
        if each.ended is None and each.pid == payload["died_pid"]:
            task = replaced(task, each, replace(each, ended=point, is_settled=True))
        elif is_monitor and each.finished and not each.is_settled:
            task = replaced(task, each, replace(each, lost=point, is_settled=True))
    return task


def replaced(task: TaskHistory, old: Execution, new: Execution) -> TaskHistory:
    executions = tuple(new if each is old else each for each in task.executions)
    return replace(task, executions=executions)
