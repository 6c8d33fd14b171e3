"""The timeline of a run at one of its steps: lanes for processes and tables, bars, and arrows for hand-overs.

A timeline contains only what had been seen at its step. Something that goes on has no end yet, whatever follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from tutor.protocol.lanes import Lane

from .bars import (
    QUEUE,
    RESULTS,
    Bar,
    Place,
    bars_at_gates,
    bars_at_rest,
    bars_of_program,
    bars_of_table,
    bars_of_task,
    counts_since,
    seen,
)
from .histories import Message, Point, Process, TaskHistory
from .model import Trace

ArrowKind = Literal["queue", "give", "result", "store", "read", "write"]
"""`queue`: a process adds a row to the queue. `give`: the pusher gives a row that it has taken to a worker. `result`: a
worker's result goes to another process. `store`: a process saves a Task row. `read`: a process reads a Task row.
`write`: a process writes to a table of the lesson."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A hand-over that was seen."""

    kind: ArrowKind
    task: str
    """The id of the task; empty if a process writes that executes none."""
    task_label: str
    delivery: int | None
    source: Place
    sent: Point
    target: Place
    received: Point


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes, bars and arrows at one step of a run."""

    zero_ms: float = 0.0
    """When the program's first event was, in milliseconds since the lab was requested."""
    now_ms: float = 0.0
    """When the step was."""
    processes: tuple[Process, ...] = ()
    """All processes so far, in order of appearance."""
    lanes: tuple[Place, ...] = ()
    """The processes that a step has named, the workers that have executed a task, and the tables that have had rows, in
    order of appearance."""
    bars: tuple[Bar, ...] = ()
    """In the order in which they began."""
    arrows: tuple[Arrow, ...] = ()
    """In the order in which they were received."""


def timeline_at(trace: Trace, position: int, since: int = 0) -> Timeline:
    """Return the timeline after step `position`; 0 is the start, where it's empty.

    With `since`, the number of a step's event, the bars and arrows are those that lasted until then, or came later. The
    rows of tasks to which nothing happened since are one bar for all of the same sort, with their number.
    """
    if not position:
        return Timeline()
    step = trace.steps[position - 1]
    number = step.event_number
    processes = trace.state_at(position).processes
    callers = [each for each in processes if each.role == Lane.CALLER]
    clusters = {(each.role, each.pid): each.cluster for each in processes}
    monitors = {
        each.cluster: Place(each.role, each.pid) for each in processes if each.role == Lane.MONITOR and not each.died
    }
    tasks, resting = tasks_since(trace, number, since)
    bars: list[Bar] = []
    for task in tasks:
        worker = task.executions[-1].started if task.executions else None
        monitor = monitors.get(clusters.get((worker.lane, worker.pid), "") if worker else "")
        bars += bars_of_task(task, number, step.at_ms, monitor)
    bars += bars_at_rest(resting)
    bars += [bar for caller in callers for bar in bars_of_program(caller, step.at_ms, since)]
    others = [each for each in processes if each.role != Lane.CALLER]
    known = trace.histories.tasks
    bars += [bar for process in others for bar in bars_at_gates(process, step.at_ms, since, known)]
    tables = trace.histories.counts.items()
    bars += [bar for name, counts in tables for bar in bars_of_table(name, counts_since(counts, since), number)]
    bars.sort(key=lambda bar: (bar.begin.number, bar.begin.at_ms))
    return Timeline(
        zero_ms=trace.zero_ms,
        now_ms=step.at_ms,
        processes=processes,
        lanes=tuple(lanes(trace, position)),
        bars=tuple(bars),
        arrows=tuple(arrows(trace, tasks, number, since)),
    )


def tasks_since(trace: Trace, number: int, since: int) -> tuple[list[TaskHistory], list[TaskHistory]]:
    """Return the tasks that had appeared at the event `number`: those that aren't at rest, and those that are."""
    others: list[TaskHistory] = []
    resting: list[TaskHistory] = []
    since_ms = trace.steps[trace.step_at(since) - 1].at_ms if since else 0.0
    for task in trace.histories.tasks.values():
        if task.changes and task.changes[0].number > number:
            break
        (resting if since and is_at_rest(task, since, since_ms) else others).append(task)
    return others, resting


def is_at_rest(task: TaskHistory, since: int, since_ms: float) -> bool:
    """Return whether nothing happens to a task from the event `since` on, which is at `since_ms`."""
    if any(not each.is_settled or each.ended is None for each in task.executions):
        return False
    points = [task.queued, task.uncommitted, task.rolled_back, task.acknowledged, task.deleted]
    points += [each.picked for each in task.deliveries] + [each.saved for each in task.outcomes]
    points += [point for each in task.executions for point in (each.ended, each.received)]
    locks = (each.picked.at_ms + (each.lock_s or 0) * 1000 for each in task.deliveries if task.is_queued)
    return all(point is None or point.number < since for point in points) and all(end < since_ms for end in locks)


def lanes(trace: Trace, position: int) -> list[Place]:
    """Return the lanes in order of appearance; a table comes after the process that was seen to fill it.

    Workers are in the order of their letters, whichever of them a step has named first.
    """
    number = trace.steps[position - 1].event_number
    processes = {(step.process, step.pid): step.event_number for step in reversed(trace.steps[:position])}
    first = {Place(*key): (seen_at, 0) for key, seen_at in processes.items() if key[0] not in (Lane.LAB, Lane.HOST)}
    for place, point in appearances(trace, number):
        if seen(point, number) and (place not in first or point.number < first[place][0]):
            first[place] = (point.number, int(place.pid == 0))
    in_order = sorted(first, key=lambda place: first[place])
    known = (Place(each.role, each.pid) for each in trace.state_at(position).processes if each.letter)
    workers = (place for place in known if place in first)
    return [next(workers) if place.name == Lane.WORKER else place for place in in_order]


def appearances(trace: Trace, number: int) -> Iterator[tuple[Place, Point | None]]:
    """Yield the places of rows and executions, each with the time when it was seen to have one.

    The tasks are those that had appeared at the event with that number.
    """
    queue, results = Place(QUEUE), Place(RESULTS)
    for task in trace.histories.tasks.values():
        if task.changes and task.changes[0].number > number:
            break
        yield queue, task.queued or (task.deliveries[0].picked if task.deliveries else None)
        for outcome in task.outcomes[:1]:
            yield results, outcome.saved
        yield from ((place_of(each.not_started), each.not_started) for each in task.deliveries if each.not_started)
        for execution in task.executions:
            yield place_of(execution.started), execution.started
    for name, counts in trace.histories.counts.items():
        yield Place(name), next((each.point for each in counts if each.count), None)


def arrows(trace: Trace, tasks: list[TaskHistory], number: int, since: int) -> list[Arrow]:
    """Return the hand-overs from the event `since` to the event with that number; `tasks` may have some to tables."""
    found = [arrow for task in tasks for arrow in arrows_of_task(task, number) if arrow.received.number >= since]
    messages, known = trace.histories.messages, trace.histories.tasks
    first = bisect_left(messages, since, key=lambda message: message.received.number)
    for message in islice(messages, first, None):
        if message.received.number > number:
            break
        if arrow := arrow_of(message, known):
            found.append(arrow)
    found += arrows_of_writes(trace, number, since)
    return sorted(found, key=lambda arrow: (arrow.received.number, arrow.sent.number))


def arrows_of_writes(trace: Trace, number: int, since: int) -> Iterator[Arrow]:
    """Yield the writes to tables of the lesson from the event `since` to the event with that number."""
    writes, known = trace.histories.writes, trace.histories.tasks
    for write in islice(writes, bisect_left(writes, since, key=lambda write: write.point.number), None):
        if not seen(point := write.point, number):
            break
        label = known[write.task].label if write.task in known else ""
        yield Arrow("write", write.task, label, None, place_of(point), point, Place(write.table), point)


def arrows_of_task(task: TaskHistory, number: int) -> Iterator[Arrow]:
    """Yield the hand-overs of a task to a table."""
    if seen(task.queued, number):
        yield Arrow("queue", task.id, task.label, None, place_of(task.queued), task.queued, Place(QUEUE), task.queued)
    for outcome in task.outcomes:
        if seen(saved := outcome.saved, number):
            yield Arrow("store", task.id, task.label, outcome.delivery, place_of(saved), saved, Place(RESULTS), saved)


def arrow_of(message: Message, tasks: Mapping[str, TaskHistory]) -> Arrow | None:
    """Return the arrow of a hand-over between processes; None for that to a pusher, which has the queue between."""
    ends: tuple[ArrowKind, Place, Place]
    match message.kind:
        case "given":
            ends = "give", Place(QUEUE), place_of(message.received)
        case "result":
            ends = "result", place_of(message.sent), place_of(message.received)
        case "read":
            ends = "read", Place(RESULTS), place_of(message.received)
        case "queued":
            return None
    kind, source, target = ends
    label = tasks[message.task].label
    return Arrow(kind, message.task, label, message.delivery, source, message.sent, target, message.received)


def place_of(point: Point) -> Place:
    return Place(point.lane, point.pid)
