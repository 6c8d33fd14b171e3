"""The prelude of a run: what happens to its first task up to the lesson's question, in scenes. Pure.

Every scene is the moment of an event, and its facts are those of the events up to that one. The last scene is the
moment before the first event that would answer the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.lessons.format.questions import ClassQuestion
from tutor.protocol.lanes import Lane

from .bars import QUEUE, RESULTS, Place, seen
from .histories import Execution, Process, TaskHistory
from .model import RecordedEvent, Step, Trace, milliseconds

TRAVELS = ("queued", "picked", "started", "finished", "stored")
"""Kinds of events that take a task from one place to the next."""
TELLING = (*TRAVELS, "returned", "acknowledged", "died")
"""Kinds of events that may answer a question about a task."""
STILL_MS = 50.0
"""The least milliseconds without an event that make a scene of their own."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of the prelude."""

    number: int
    """The number of the last event that had been seen."""
    at_ms: float
    """Milliseconds since the lab was requested."""
    kind: str
    """The kind of that event; "still" if nothing has happened since the scene before."""
    place: Place
    """Where the task is."""
    step: Step | None
    """The step that the event made; None if it made none."""


@dataclass(frozen=True, slots=True)
class Prelude:
    """What happens to the first task up to the question."""

    task: TaskHistory
    scenes: tuple[Scene, ...]
    position: int
    """The step after which the question is asked."""
    question: ClassQuestion
    workers: tuple[Process, ...]
    """The workers that had been seen by then."""

    @property
    def number(self) -> int:
        """The number of the last event that had been seen."""
        return self.scenes[-1].number

    def execution(self, number: int, pid: int) -> Execution | None:
        """Return the execution of the task by that process, as far as it had been seen at an event."""
        found = (each for each in self.task.executions if each.pid == pid and seen(each.started, number))
        return next(found, None)


def prelude_of(question: ClassQuestion | None, trace: Trace, events: Sequence[RecordedEvent]) -> Prelude | None:
    """Return the prelude of a run; None if it has no task, or doesn't come to the question."""
    asked = next((step for step in trace.steps if question and step.id in question.before), None)
    if question is None or asked is None or asked.number < 2 or not trace.tasks or trace.tasks[0].queued is None:
        return None
    task, position = trace.tasks[0], asked.number - 1
    last = trace.steps[position - 1].event_number
    answer = next((each for each in events[last:] if tells(each, task)), None)
    if answer is None:
        return None
    before = events[: answer.number - 1]
    scenes = tuple(scenes_of(task, trace, before, answer))
    workers = (each for each in trace.processes if each.role == Lane.WORKER and each.first.number < answer.number)
    return Prelude(task, scenes, position, question, tuple(workers)) if scenes else None


def tells(event: RecordedEvent, task: TaskHistory) -> bool:
    return event.kind in TELLING and event.payload.get("task") == task.id


def scenes_of(
    task: TaskHistory, trace: Trace, events: Sequence[RecordedEvent], answer: RecordedEvent
) -> Iterator[Scene]:
    """Yield the call, each event that takes the task on, the last line that ran, and the time until the answer."""
    if task.queued is None:
        return
    steps = {step.event_number: step for step in trace.steps}
    place = Place(task.queued.lane, task.queued.pid)
    called = [each for each in events[: task.queued.number - 1] if (each.lane, each.pid) == place]
    moves = [each for each in events if each.kind in TRAVELS and each.payload.get("task") == task.id]
    lines = [each for each in events if each.kind == "line" and each.lane == Lane.WORKER]
    chosen = [*called[-1:], *moves, *(each for each in lines[-1:] if each.number > moves[-1].number)]
    for event in chosen:
        place = place_after(event, place)
        yield Scene(event.number, milliseconds(event), event.kind, place, steps.get(event.number))
    last = events[-1]
    if milliseconds(answer) - milliseconds(last) >= STILL_MS:
        yield Scene(last.number, milliseconds(answer), "still", place, None)


def place_after(event: RecordedEvent, place: Place) -> Place:
    """Return where the task is after `event`, which is one of a scene; `place` is where it was."""
    match event.kind:
        case "queued" | "picked":
            return Place(QUEUE)
        case "started":
            return Place(event.lane, event.pid)
        case "stored":
            return Place(RESULTS)
    return place
