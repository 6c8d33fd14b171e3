"""Why a process is where it is in the lesson's files: the message that woke it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.protocol.lanes import Lane
from tutor.trace.code_history import Visit
from tutor.trace.histories import Execution, Message, Point, Process
from tutor.trace.model import Trace
from tutor.trace.processes import label_among

NAMED = 3
"""The maximum number of tasks that a sentence names."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One end of a message."""

    label: str
    """Its process, such as "worker A"."""
    role: str
    what: str
    """What the process did with the message: queued, picked, started, stored, read."""
    point: Point
    after_ms: float | None
    """The milliseconds since the hop before; None for the first one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a process is where it is."""

    text: str
    """A sentence."""
    task: str = ""
    """The label of the task that it executes; empty if it executes none."""
    delivery: int | None = None
    hops: tuple[Hop, ...] = ()
    """The way of the message, if there was one."""


def latest_executions(trace: Trace, number: int) -> dict[tuple[str, int], Execution]:
    """Return (role, pid) → the execution that the process has begun last, up to the event with that number."""
    found: dict[tuple[str, int], Execution] = {}
    for task in trace.tasks:
        for each in task.executions:
            who = each.started.lane, each.pid
            if each.started.number <= number and (who not in found or found[who].started.number < each.started.number):
                found[who] = each
    return found


def goes_on(execution: Execution, number: int) -> bool:
    """Return whether `execution` goes on after the event with that number."""
    return execution.ended is None or execution.ended.number > number


def reason(trace: Trace, visit: Visit, execution: Execution | None, number: int) -> Reason:
    """Return why the process of `visit` is where it is after the event with that number.

    `execution` is the one that it has begun last.
    """
    if execution and goes_on(execution, number):
        return reason_of_execution(trace, execution)
    if visit.role == Lane.CALLER:
        return reason_of_caller(trace, visit, number)
    return Reason("It executes no task: it only imports the file.")


def reason_of_execution(trace: Trace, execution: Execution) -> Reason:
    """Return the way of the message that made a process execute a task."""
    task = trace.histories.tasks[execution.task]
    if execution.delivery is None:
        text = f"It executes {task.label} itself: with sync=True, nothing is queued."
        return Reason(text, task.label)
    about = [
        each
        for each in trace.histories.messages
        if (each.task, each.delivery) == (execution.task, execution.delivery) and each.kind in ("queued", "given")
    ]
    given = next((each for each in about if each.received.number == execution.started.number), None)
    if given is None:
        return Reason(f"It executes {task.label}.", task.label, execution.delivery)
    queued = next((each for each in about if each.kind == "queued"), None)
    again = f" for the {ordinal(execution.delivery)} time" if execution.delivery > 1 else ""
    by = f", queued by {spoken(trace.processes, queued.sent)}" if queued else ""
    points = [("queued", queued.sent)] if queued else []
    points += [("picked", given.sent), ("started", given.received)]
    text = f"The pusher handed it {task.label}{again}{by}."
    return Reason(text, task.label, execution.delivery, hops(trace.processes, points))


def reason_of_caller(trace: Trace, visit: Visit, number: int) -> Reason:
    """Return the rows that the program has read last; nothing else wakes it."""
    read = [
        each
        for each in trace.histories.messages
        if each.kind == "read" and each.received.pid == visit.pid and each.received.number <= number
    ]
    if not read:
        return Reason("The lab started the program. No message has reached it so far.")
    last = [each for each in read if each.received.number == read[-1].received.number]
    latest = max(last, key=lambda message: message.sent.number)
    text = f"It read {labels(trace, last)}, stored by {spoken(trace.processes, latest.sent)}."
    points = [("stored", latest.sent), ("read", latest.received)]
    return Reason(text, hops=hops(trace.processes, points))


def labels(trace: Trace, messages: Sequence[Message]) -> str:
    """Return the tasks of `messages` as a sentence names them."""
    names = list(dict.fromkeys(trace.histories.tasks[each.task].label for each in messages))
    rest = len(names) - NAMED
    named = [*names[:NAMED], f"{rest} other{'s' if rest > 1 else ''}"] if rest > 0 else names
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def hops(processes: Sequence[Process], points: Sequence[tuple[str, Point]]) -> tuple[Hop, ...]:
    before = [None, *(point.at_ms for _, point in points)]
    return tuple(
        Hop(
            label_among(processes, point.lane, point.pid),
            point.lane,
            what,
            point,
            None if passed is None else point.at_ms - passed,
        )
        for (what, point), passed in zip(points, before, strict=False)
    )


def spoken(processes: Iterable[Process], point: Point) -> str:
    """Return the process of `point` as a sentence names it: "worker A", "the monitor"."""
    return spoken_label(label_among(processes, point.lane, point.pid))


def spoken_label(label: str) -> str:
    """Return a process's label as a sentence has it: "worker A", "the monitor"."""
    return label if " " in label else f"the {label}"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th…"""
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
