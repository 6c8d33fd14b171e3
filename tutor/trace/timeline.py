"""The timeline of a run at one of its steps: lanes for processes and tables, bars, and arrows for hand-overs.

A timeline contains only what had been seen at its step. Something that goes on has no end yet, whatever follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.protocol.lanes import Lane

from .bars import QUEUE, RESULTS, Bar, Place, bars_of_program, bars_of_table, bars_of_task, seen
from .histories import Message, Point, Process, TaskHistory
from .model import Trace

ArrowKind = Literal["queue", "give", "result", "store", "read"]
"""`queue`: a process adds a row to the queue. `give`: the pusher gives a row that it has taken to a worker. `result`: a
worker's result goes to another process. `store`: a process saves a Task row. `read`: a process reads a Task row."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A hand-over that was seen."""

    kind: ArrowKind
    task: str
    """The id of the task."""
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


def timeline_at(trace: Trace, position: int) -> Timeline:
    """Return the timeline after step `position`; 0 is the start, where it's empty."""
    if not position:
        return Timeline()
    step = trace.steps[position - 1]
    number = step.event_number
    processes = trace.state_at(position).processes
    callers = [each for each in processes if each.role == Lane.CALLER]
    bars = [bar for task in trace.tasks for bar in bars_of_task(task, number)]
    bars += [bar for caller in callers for bar in bars_of_program(caller, step.at_ms)]
    tables = trace.histories.counts.items()
    bars += [bar for name, counts in tables for bar in bars_of_table(name, counts, number)]
    bars.sort(key=lambda bar: (bar.begin.number, bar.begin.at_ms))
    return Timeline(
        zero_ms=callers[0].first_ms if callers else 0.0,
        now_ms=step.at_ms,
        processes=processes,
        lanes=tuple(lanes(trace, position, bars)),
        bars=tuple(bars),
        arrows=tuple(arrows(trace, number)),
    )


def lanes(trace: Trace, position: int, bars: list[Bar]) -> list[Place]:
    """Return the lanes in order of appearance; a table comes after the process that was seen to fill it."""
    first: dict[Place, tuple[int, int]] = {}
    for step in trace.steps[:position]:
        if step.process not in (Lane.LAB, Lane.HOST):
            first.setdefault(Place(step.process, step.pid), (step.event_number, 0))
    for bar in bars:
        if bar.kind in ("waiting", "locked", "stored", "rows", "execution"):
            number, order = (bar.begin.number, int(bar.place.pid == 0))
            first[bar.place] = min(first.get(bar.place, (number, order)), (number, order))
    return sorted(first, key=lambda place: first[place])


def arrows(trace: Trace, number: int) -> list[Arrow]:
    """Return the hand-overs up to the event with that number."""
    found = [arrow for task in trace.tasks for arrow in arrows_of_task(task, number)]
    tasks = trace.histories.tasks
    found += [
        arrow
        for message in trace.histories.messages
        if message.received.number <= number and (arrow := arrow_of(message, tasks))
    ]
    return sorted(found, key=lambda arrow: (arrow.received.number, arrow.sent.number))


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
