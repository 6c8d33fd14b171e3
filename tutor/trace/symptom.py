"""The symptom of a run: what its lesson shows of it in the catalogue. Pure; `symptom_lanes` puts it together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.lessons.format.symptom import Symptom as Declared
from tutor.lessons.lesson import Lesson
from tutor.lessons.templating import fill

from .bars import Bar
from .model import RecordedEvent, Trace
from .processes import Processes
from .projector import completed
from .rules import CountedPattern
from .step_texts import names_for


@dataclass(frozen=True, slots=True)
class ShownBar:
    """A bar of the run with its text."""

    bar: Bar
    text: str = ""
    letter: str = ""
    """The letter of the worker that it belongs to; empty if it belongs to none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that begins no bar of the picture."""

    event: str
    at_ms: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class SymptomLane:
    """One lane of the picture."""

    label: str
    bars: tuple[ShownBar, ...] = ()
    """In the order in which they began."""
    marks: tuple[Mark, ...] = ()
    told: Mark | None = None
    """What its process was told."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over that was seen, from one lane of the picture to another."""

    source: int
    target: int
    at_ms: float
    """When it was received."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """What the picture of a run shows."""

    lanes: tuple[SymptomLane, ...]
    hand_overs: tuple[HandOver, ...] = ()
    across: tuple[Mark, ...] = ()
    """The events of processes that have no lane."""
    mistakes: tuple[tuple[str, str], ...] = ()
    """(part of the table, such as "events 2", message) for what the run doesn't have."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An event that the lesson has chosen."""

    index: int
    event: RecordedEvent
    text: str


def chosen_of(lesson: Lesson, declared: Declared, events: Sequence[RecordedEvent], trace: Trace) -> Iterator[Chosen]:
    """Yield the chosen events in order, with their texts. An event is chosen by the first selector that it matches."""
    selectors = [(index, each, CountedPattern(each.when)) for index, each in enumerate(declared.events)]
    processes, knobs = Processes(), dict[str, str]()
    for event in completed(events):
        processes.apply(event)
        if event.kind == "asked":
            knobs = lesson.knob_texts(event.payload["knobs"])
        matching = [(index, each) for index, each, pattern in selectors if pattern.matches(event)]
        for index, each in matching[:1]:
            names = names_for(event, knobs, trace.state_at(trace.step_at(event.number)).variables, processes)
            if task := trace.histories.tasks.get(event.payload.get("task") or ""):
                names["task"] = {"label": task.label, "status": task.status_at(event.number), **task.description}
            yield Chosen(index, event, fill(each.text, names).strip("'"))
