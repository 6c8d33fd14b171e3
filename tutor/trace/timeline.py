"""The timeline of a run at one of its steps: a lane for each process, and bars for what lasts.

A timeline contains only what had been seen at its step. Something that goes on has no end yet, whatever follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeGuard

from .histories import Delivery, Execution, Point, Process, TaskHistory
from .model import Trace

BarKind = Literal["waiting", "locked", "execution"]
"""`waiting`: a committed row of the queue that no pusher has taken yet. `locked`: a row of the queue after a pusher
has taken it, as long as the broker locks it. `execution`: a task's function, executed by a process."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasts, and the task that it's about."""

    kind: BarKind
    task: str
    """The id of the task."""
    task_label: str
    delivery: int | None
    """None while the task waits for its first one, and under `sync=True`."""
    begin: Point
    """When it began, in the process that queued the task, took it from the queue, or executes it."""
    end_ms: float | None
    """None while it goes on. A lock has an end from its beginning, which is still to come as long as it holds."""
    success: bool | None = None
    """The result of an execution; None without one."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes and bars at one step of a run."""

    lanes: tuple[Process, ...]
    """In order of appearance."""
    bars: tuple[Bar, ...]
    """In the order in which they began."""


def timeline_at(trace: Trace, position: int) -> Timeline:
    """Return the timeline after step `position`; 0 is the start, where it's empty."""
    number = trace.steps[position - 1].event_number if position else 0
    bars = (bar for task in trace.tasks for bar in bars_of(task, number))
    return Timeline(trace.state_at(position).processes, tuple(sorted(bars, key=lambda bar: bar.begin.number)))


def bars_of(task: TaskHistory, number: int) -> Iterator[Bar]:
    """Yield the bars of `task` after the event with that number."""
    if seen(task.queued, number):
        yield waiting(task, task.queued, number)
    for delivery in task.deliveries:
        if seen(delivery.picked, number) and delivery.lock_s is not None:
            yield locked(task, delivery, delivery.lock_s, number)
    for execution in task.executions:
        if seen(execution.started, number):
            yield execution_bar(task, execution, number)


def waiting(task: TaskHistory, queued: Point, number: int) -> Bar:
    """Return the bar from the commit of the row to its first delivery, or to its deletion from the queue."""
    ends = (*(each.picked for each in task.deliveries), task.acknowledged)
    end = next((each.at_ms for each in ends if seen(each, number)), None)
    return Bar("waiting", task.id, task.label, None, queued, end)


def locked(task: TaskHistory, delivery: Delivery, lock_s: float, number: int) -> Bar:
    """Return the bar of the lock of a delivery. It ends when the row can be taken again, or is deleted before."""
    end = delivery.picked.at_ms + lock_s * 1000
    if seen(task.acknowledged, number):
        end = min(end, task.acknowledged.at_ms)
    return Bar("locked", task.id, task.label, delivery.number, delivery.picked, round(end, 3))


def execution_bar(task: TaskHistory, execution: Execution, number: int) -> Bar:
    """Return the bar of an execution, without a result as long as that isn't known."""
    bar = Bar("execution", task.id, task.label, execution.delivery, execution.started, None)
    if not seen(execution.ended, number):
        return bar
    return replace(bar, end_ms=execution.ended.at_ms, success=execution.success)


def seen(point: Point | None, number: int) -> TypeGuard[Point]:
    """Return whether `point` is that event, or one before it."""
    return point is not None and point.number <= number
