"""What came of an intervention: is the task stored, how often does it start, does the program learn of a failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tutor.protocol.interventions import Intervention
from tutor.protocol.lanes import Lane

from .histories import TaskHistory
from .model import Trace

NO, YES = "no", "yes"
OFTEN = ("never", "once", "twice")
MORE_OFTEN = "more often"


@dataclass(frozen=True, slots=True)
class QuestionOfRun:
    """A question about what comes of an intervention."""

    text: str
    options: tuple[str, ...]


QUESTIONS: Mapping[str, QuestionOfRun] = {
    "stored": QuestionOfRun("Is it stored in the end?", (NO, "Failed", "Success")),
    "starts": QuestionOfRun("How often does it start?", (*OFTEN, MORE_OFTEN)),
    "learns": QuestionOfRun("Does the program learn of a failure?", (NO, YES)),
}
"""Id → question."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """The answer to a question, from the events of a run."""

    value: str
    """One of the question's options."""
    steps: tuple[int, ...]
    """The steps that show it."""


def consequences(trace: Trace, intervention: Intervention) -> dict[str, Consequence]:
    """Return id of a question → what came, for the task that the intervention was aimed at, or else the first one."""
    task = aimed_at(trace, intervention)
    return {"stored": stored(trace, task), "starts": starts(trace, task), "learns": learns(trace, task)}


def aimed_at(trace: Trace, intervention: Intervention) -> TaskHistory | None:
    """Return the task; None if the run has queued none."""
    subject, tasks = intervention.subject, trace.tasks
    if subject and subject.kind == "task":
        same = [each for each in tasks if each.description.get("func") == subject.func]
        return same[subject.ordinal - 1] if subject.ordinal <= len(same) else None
    return tasks[0] if tasks else None


def stored(trace: Trace, task: TaskHistory | None) -> Consequence:
    if task is None or task.outcome is None:
        return Consequence(NO, ())
    return Consequence(task.outcome.status, steps_at(trace, [task.outcome.saved.number]))


def starts(trace: Trace, task: TaskHistory | None) -> Consequence:
    begun = [each.started.number for each in task.executions] if task else []
    value = OFTEN[len(begun)] if len(begun) < len(OFTEN) else MORE_OFTEN
    return Consequence(value, steps_at(trace, begun))


def learns(trace: Trace, task: TaskHistory | None) -> Consequence:
    """Return whether the program has read a row that says that the task failed."""
    failed = {each.saved.number for each in task.outcomes if not each.success} if task else set()
    read = [
        each.received.number
        for each in trace.histories.messages
        if each.kind == "read"
        and each.received.lane == Lane.CALLER
        and task
        and each.task == task.id
        and each.sent.number in failed
    ]
    return Consequence(YES if read else NO, steps_at(trace, read))


def steps_at(trace: Trace, numbers: list[int]) -> tuple[int, ...]:
    """Return the steps of the events with these numbers, or the next ones."""
    found = {min(trace.step_at(number - 1) + 1, len(trace.steps)) for number in numbers}
    return tuple(sorted(each for each in found if each))
