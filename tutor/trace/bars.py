"""The bars of a run at one of its steps: what lasts, where, and from when to when.

They contain only what had been seen at the step. Something that goes on has no end yet, whatever follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple, TypeGuard

from tutor.protocol.lanes import Lane

from .histories import Count, Delivery, Execution, Outcome, Pause, Point, Process, TaskHistory

QUEUE, RESULTS = "OrmQ", "Task"
"""The names of the tables whose rows belong to tasks."""
BarKind = Literal["waiting", "locked", "execution", "storing", "stored", "program", "paused", "rows"]
"""`waiting`: a committed row of the queue that no pusher has taken yet, or whose lock is over. `locked`: a row of the
queue after a pusher has taken it, as long as the broker locks it. `execution`: a task's function, executed by a
process. `storing`: from a worker's result to its end in the process that received it. `stored`: a Task row. `program`:
the program runs; `paused`: it stays in one line, or a process waits at a gate, which may be during an execution.
`rows`: a table of the lesson has the same number of rows."""


class Place(NamedTuple):
    """What a bar or one end of an arrow belongs to: a process, or a table."""

    name: str
    """The role of the process, or the name of the table."""
    pid: int = 0
    """0 for a table."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that lasts."""

    kind: BarKind
    place: Place
    begin: Point
    """When it began, in the process that queued the task, took it from the queue, executes it, and so on."""
    end_ms: float | None
    """None while it goes on. A lock has an end from its beginning, which is still to come as long as it holds."""
    task: str = ""
    """The id of the task that it's about; empty if it's about none."""
    task_label: str = ""
    delivery: int | None = None
    """None while the task waits for its first one, and under `sync=True`. Of a row that waits after its lock, the
    delivery that locked it."""
    success: bool | None = None
    """The result of an execution or of a Task row; None without one."""
    returned_ms: float | None = None
    """When the function of an execution returned or raised an exception; None before, or if no event tells."""
    dropped: bool = False
    """Whether the process that received a result stored nothing of it."""
    died: bool = False
    """Whether an execution ended with its process. Its end is then when that was noticed."""
    at_gate: bool = False
    """Whether a pause is a wait at a gate."""
    count: int = 0
    """The number of rows of a table of the lesson, or of tasks that the bar stands for; 0 for that of one task."""

    @property
    def is_inside(self) -> bool:
        """Whether it may be inside another bar of its lane: a wait at a gate, unless it is that of a program."""
        return self.at_gate and self.place.name != Lane.CALLER


def bars_of_task(task: TaskHistory, number: int, now_ms: float, monitor: Place | None = None) -> Iterator[Bar]:
    """Yield the bars of `task` after the event with that number, which was at `now_ms`.

    `monitor` is the process that receives the results of deliveries; None as long as it hasn't been seen.
    """
    if seen(task.queued, number):
        yield waiting(task, task.queued, number)
    for delivery, redelivery in pairwise((*task.deliveries, None)):
        if delivery and seen(delivery.picked, number) and delivery.lock_s is not None:
            lock = locked(task, delivery, delivery.lock_s, redelivery, number)
            yield from (lock, *waiting_again(task, lock, redelivery, number, now_ms))
    for execution in task.executions:
        if seen(execution.started, number):
            yield execution_bar(task, execution, number)
        yield from storing(task, execution, number, monitor)
    for outcome, following in pairwise((*task.outcomes, None)):
        if outcome and seen(outcome.saved, number):
            yield stored(task, outcome, following, number)


def waiting(task: TaskHistory, queued: Point, number: int) -> Bar:
    """Return the bar from the commit of the row to its first delivery, or to its deletion from the queue."""
    ends = (*(each.picked for each in task.deliveries), task.acknowledged, task.rolled_back)
    end = next((each.at_ms for each in ends if seen(each, number)), None)
    return Bar("waiting", Place(QUEUE), queued, end, task.id, task.label)


def locked(task: TaskHistory, delivery: Delivery, lock_s: float, following: Delivery | None, number: int) -> Bar:
    """Return the bar of the lock of a delivery. It ends when the row can be taken again, or is taken or deleted before.

    A row is locked a moment before its delivery is observed, so that the next delivery may be seen within that time.
    """
    ends = (following.picked if following else None, task.acknowledged)
    end = min([delivery.picked.at_ms + lock_s * 1000, *(each.at_ms for each in ends if seen(each, number))])
    return Bar("locked", Place(QUEUE), delivery.picked, round(end, 3), task.id, task.label, delivery.number)


def waiting_again(
    task: TaskHistory, lock: Bar, following: Delivery | None, number: int, now_ms: float
) -> Iterator[Bar]:
    """Yield the bar of a row whose lock is over, up to its next delivery or its deletion from the queue."""
    ends = (following.picked if following else None, task.acknowledged)
    end = min((each.at_ms for each in ends if seen(each, number)), default=None)
    if lock.end_ms is not None and lock.end_ms < (now_ms if end is None else end):
        begin = replace(lock.begin, at_ms=lock.end_ms)
        yield Bar("waiting", lock.place, begin, end, task.id, task.label, lock.delivery)


def execution_bar(task: TaskHistory, execution: Execution, number: int) -> Bar:
    """Return the bar of an execution, without a result as long as that isn't known."""
    place = Place(execution.started.lane, execution.pid)
    bar = Bar("execution", place, execution.started, None, task.id, task.label, execution.delivery)
    if seen(execution.returned, number):
        bar = replace(bar, returned_ms=execution.returned.at_ms)
    if not seen(execution.ended, number):
        return bar
    died = execution.ended.pid != execution.pid
    return replace(bar, end_ms=execution.ended.at_ms, success=execution.success, died=died)


def storing(task: TaskHistory, execution: Execution, number: int, monitor: Place | None) -> Iterator[Bar]:
    """Yield the bar from the result of an execution to when another process has stored or dropped it."""
    finished, received = execution.finished, execution.received
    if not seen(finished, number) or execution.delivery is None or seen(execution.lost, number):
        return
    bar = Bar("storing", Place(""), finished, None, task.id, task.label, execution.delivery, execution.success)
    if seen(received, number):
        place = Place(received.lane, received.pid)
        bar = replace(bar, end_ms=received.at_ms, dropped=execution.is_dropped)
    elif monitor and not is_ignored(task, execution, number):
        place = monitor
    else:
        return
    if place.pid != execution.pid:
        yield replace(bar, place=place, begin=replace(finished, lane=place.name, pid=place.pid))


def is_ignored(task: TaskHistory, execution: Execution, number: int) -> bool:
    """Return whether the monitor does nothing with a result, of which no event tells: a failure after a success."""
    succeeded = any(each.success for each in task.outcomes if seen(each.saved, number))
    return execution.success is False and succeeded


def stored(task: TaskHistory, outcome: Outcome, following: Outcome | None, number: int) -> Bar:
    """Return the bar of a Task row, up to its next save or its deletion."""
    ends = (following.saved if following else None, task.deleted)
    later = (each.at_ms for each in ends if seen(each, number) and each.number > outcome.saved.number)
    end = next(later, None)
    return Bar("stored", Place(RESULTS), outcome.saved, end, task.id, task.label, outcome.delivery, outcome.success)


def bars_at_rest(tasks: Collection[TaskHistory]) -> Iterator[Bar]:
    """Yield the bars of tasks to which nothing happens any more, one for all of the same sort."""
    waiting = [begin for task in tasks if (begin := begin_of_row(task))]
    if waiting:
        yield Bar("waiting", Place(QUEUE), waiting[0], None, count=len(waiting))
    outcomes = [outcome for task in tasks if (outcome := task.outcome)]
    for success in (True, False):
        own = [each for each in outcomes if each.success is success]
        if own:
            yield Bar("stored", Place(RESULTS), own[0].saved, None, success=success, count=len(own))


def begin_of_row(task: TaskHistory) -> Point | None:
    """Return when a row of the queue that waits was first seen; None if it's gone, or its lock unknown."""
    if not task.is_queued:
        return None
    if not task.deliveries:
        return task.queued
    return None if task.deliveries[-1].lock_s is None else task.queued or task.deliveries[0].picked


def bars_of_program(process: Process, now_ms: float, since: int = 0) -> Iterator[Bar]:
    """Yield when the program of a caller ran, and when it stayed in one line, up to `now_ms`.

    Pauses that were over before the event `since` are left out, with what was before them.
    """
    place, begin = Place(Lane.CALLER, process.pid), process.first
    for pause in pauses_of(process, now_ms):
        if pause.is_before(since):
            begin = pause.end or begin
            continue
        if pause.begin.at_ms > begin.at_ms:
            yield Bar("program", place, begin, pause.begin.at_ms)
        yield bar_of_pause(process, pause)
        if pause.end is None:
            return
        begin = pause.end
    over = process.ended.at_ms if process.ended else process.died_ms
    yield Bar("program", place, begin, over)


def bars_at_gates(process: Process, now_ms: float, since: int, tasks: Mapping[str, TaskHistory]) -> Iterator[Bar]:
    """Yield when a process that isn't a caller waited at a gate, up to `now_ms`, unless that was before `since`."""
    for pause in pauses_of(process, now_ms):
        if not pause.is_before(since):
            label = tasks[pause.task].label if pause.task in tasks else ""
            yield replace(bar_of_pause(process, pause), task=pause.task, task_label=label)


def pauses_of(process: Process, now_ms: float) -> list[Pause]:
    """Return the pauses of a process, the last of which may go on, if it lives."""
    going_on = None if process.died_ms is not None else process.pause_at(now_ms)
    return [*process.pauses, *([going_on] if going_on else [])]


def bar_of_pause(process: Process, pause: Pause) -> Bar:
    end_ms = pause.end.at_ms if pause.end else None
    return Bar("paused", Place(process.role, process.pid), pause.begin, end_ms, at_gate=pause.at_gate)


def bars_of_table(name: str, counts: Sequence[Count], number: int) -> Iterator[Bar]:
    """Yield when a table of the lesson had how many rows, unless it had none."""
    for each, following in pairwise((*counts, None)):
        if each and each.count and seen(each.point, number):
            end = following.point.at_ms if following and seen(following.point, number) else None
            yield Bar("rows", Place(name), each.point, end, count=each.count)


def counts_since(counts: Sequence[Count], since: int) -> Sequence[Count]:
    """Return the numbers of rows of a table from the one that was valid at the event `since`."""
    return counts[max(0, bisect_left(counts, since, key=lambda each: each.point.number) - 1) :]


def seen(point: Point | None, number: int) -> TypeGuard[Point]:
    """Return whether `point` is that event, or one before it."""
    return point is not None and point.number <= number
