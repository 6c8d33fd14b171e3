"""The phases of a task: the spans of its time, up to a step of the run.

Every span is between two events that had been seen at the step. What goes on is counted up to the step, and what was
not observed is counted as that, not as zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from .histories import Change, Delivery, Execution, Point, TaskHistory
from .model import Step

Phase = Literal["waiting", "handed", "running", "storing", "locked"]
"""`waiting`: a committed row of the queue until its first delivery. `handed`: from a delivery until its execution
begins. `running`: an execution. `storing`: from the end of an execution until its result is saved. `locked`: a row of
the queue after a delivery, while the broker locks it, which is at the same time as the phases after `waiting`.
"""
PHASES: tuple[Phase, ...] = get_args(Phase)


class Time(NamedTuple):
    """The time that one task, or several, have spent in a phase up to a step."""

    ms: float = 0.0
    """The sum of the spans that were observed."""
    spans: int = 0
    """How often the phase was observed: from its beginning to its end, or to the step."""
    unobserved: int = 0
    """How often its beginning or its end was not observed."""
    dropped: int = 0
    """How often a result was known and not stored: the task has one already, or doesn't keep it."""
    goes_on: bool = False
    """Whether a span had no end at the step."""
    at_most: bool = False
    """Whether a span ended with the death of its process, of which it is only known when another one noticed it."""
    event: int = 0
    """The number of the event that showed it last; 0 if nothing did."""


NO_TIME = Time()


def summed(times: Sequence[Time]) -> Time:
    """Return some times as one."""
    some = [each for each in times if each is not NO_TIME]
    if len(some) < 2:
        return some[0] if some else NO_TIME
    ms, spans, unobserved, dropped, goes_on, at_most, event = zip(*some, strict=True)
    return Time(round(sum(ms), 3), sum(spans), sum(unobserved), sum(dropped), any(goes_on), any(at_most), max(event))


@dataclass(frozen=True, slots=True)
class SoFar:
    """What had been seen at a step."""

    number: int
    """The number of the event that made the step."""
    ms: float
    """Its time."""
    killed: Mapping[int, Point]
    """Pid → when an intervention killed the process, which is before its death is noticed."""

    @classmethod
    def at(cls, step: Step) -> SoFar:
        killed = {each.pid: each.killed for each in step.state.processes if each.killed}
        return cls(step.event_number, step.at_ms, killed)

    def has(self, point: Point | Change | None) -> bool:
        return point is not None and point.number <= self.number

    def between(self, begin: Point | None, end: Point | None, at_most: bool = False) -> Time:
        """Return the span from one point to another, or to the step if the other one is still to come."""
        if begin is None or not self.has(begin):
            return Time(unobserved=1, event=end.number if end else 0)
        if end is None or not self.has(end):
            return Time(passed(begin, self.ms), 1, goes_on=True, event=begin.number)
        return Time(passed(begin, end.at_ms), 1, at_most=at_most, event=end.number)


def times_of(task: TaskHistory, so_far: SoFar) -> dict[Phase, Time]:
    """Return the time that `task` has spent in each phase."""
    return {phase: summed(list(SPANS[phase](task, so_far))) for phase in PHASES}


def waiting(task: TaskHistory, so_far: SoFar) -> Iterator[Time]:
    """Yield the time of its row in the queue, which begins when the row is committed."""
    picked = task.deliveries[0].picked if task.deliveries else None
    started = next((each.started for each in task.executions if each.delivery is not None), None)
    if so_far.has(started) and not so_far.has(picked):
        yield Time(unobserved=1, event=started.number if started else 0)
    elif so_far.has(task.queued) or so_far.has(picked):
        yield so_far.between(task.queued, picked or task.acknowledged)


def handed(task: TaskHistory, so_far: SoFar) -> Iterator[Time]:
    """Yield the times from its deliveries to their executions, or to when a worker didn't enter the function.

    One that a later execution overtakes is lost.
    """
    picked = {each.number: each.picked for each in task.deliveries if so_far.has(each.picked)}
    ends = [(each.number, each.not_started) for each in task.deliveries]
    ends += [(each.delivery, each.started) for each in task.executions if each.delivery is not None]
    started = {delivery: end for delivery, end in ends if so_far.has(end)}
    for number in sorted(picked.keys() | started.keys()):
        if number not in started and any(each > number for each in started):
            yield Time(unobserved=1, event=picked[number].number)
        else:
            yield so_far.between(picked.get(number), started.get(number))


def running(task: TaskHistory, so_far: SoFar) -> Iterator[Time]:
    """Yield the times of its executions. The death of a process is noticed by another one, and later.

    Only the time of a kill by an intervention is known.
    """
    for each in task.executions:
        if so_far.has(each.started):
            killed = None if each.finished else so_far.killed.get(each.pid)
            is_noticed = killed is None and each.ended is not None and each.ended.pid != each.pid
            yield so_far.between(each.started, killed or each.ended, at_most=is_noticed)


def storing(task: TaskHistory, so_far: SoFar) -> Iterator[Time]:
    """Yield the times from the ends of its executions until their results are saved."""
    for each in task.executions:
        if each.finished and so_far.has(each.finished):
            yield storing_of(each, each.finished, so_far)


def storing_of(execution: Execution, finished: Point, so_far: SoFar) -> Time:
    received = execution.received
    if received and so_far.has(received) and execution.is_dropped:
        return Time(dropped=1, event=received.number)
    if execution.lost and so_far.has(execution.lost):
        return Time(unobserved=1, event=execution.lost.number)
    return so_far.between(finished, received)


def locked(task: TaskHistory, so_far: SoFar) -> Iterator[Time]:
    """Yield the times for which the broker locks its row: until the lock ends, or the row is deleted before."""
    for each in task.deliveries:
        if so_far.has(each.picked):
            yield lock_of(each, task.acknowledged, so_far)


def lock_of(delivery: Delivery, acknowledged: Point | None, so_far: SoFar) -> Time:
    picked = delivery.picked
    if delivery.lock_s is None:
        return Time(unobserved=1, event=picked.number)
    end = picked.at_ms + delivery.lock_s * 1000
    if acknowledged and so_far.has(acknowledged) and acknowledged.at_ms < end:
        return so_far.between(picked, acknowledged)
    return Time(passed(picked, min(end, so_far.ms)), 1, goes_on=end > so_far.ms, event=picked.number)


SPANS = {"waiting": waiting, "handed": handed, "running": running, "storing": storing, "locked": locked}
"""Phase → its spans in the history of a task."""


def passed(begin: Point, end_ms: float) -> float:
    """Return the milliseconds from a point to an end; 0 where the recorder has moved an event after its cause."""
    return round(max(0.0, end_ms - begin.at_ms), 3)
