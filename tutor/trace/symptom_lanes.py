"""The lanes of a symptom: each chosen event is put into one of them, with the bar that it begins or as a mark. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tutor.lessons.format.symptom import NAME, OUTPUT, QUEUE, WORKERS
from tutor.lessons.format.symptom import Symptom as Declared
from tutor.lessons.format.symptom import Told as ToldRule
from tutor.lessons.lesson import Lesson
from tutor.lessons.templating import fill
from tutor.protocol.lanes import Lane

from .bars import QUEUE as QUEUE_TABLE
from .bars import RESULTS, Bar, Place
from .claim_evaluation import find_step, observed_value
from .model import RecordedEvent, Trace, milliseconds
from .projector import project
from .symptom import Chosen, HandOver, Mark, ShownBar, Symptom, SymptomLane, chosen_of
from .timeline import Arrow, Timeline, timeline_at

CONTEXT = ("program", "paused", "rows")
"""Kinds of bars that a lane shows whatever events are chosen; of waits at gates, only those of the program."""


class Key(NamedTuple):
    """The lane that something is in."""

    lane: int
    """The index of the declared lane."""
    part: str = ""
    """The task or the process, if the lane is split by them: an id, or a role and a pid."""


class Told(NamedTuple):
    """What somebody was told, at the step of an event."""

    key: Key | None
    """None if its process has no lane."""
    place: Place
    number: int
    mark: Mark


def symptom_of(lesson: Lesson, events: Sequence[RecordedEvent]) -> Symptom | None:
    """Return the symptom of a run, whose events are in order of number from 1; None if its lesson declares none."""
    declared = lesson.content.symptom
    if declared is None:
        return None
    trace = project(lesson, events)
    chosen = list(chosen_of(lesson, declared, events, trace))
    return SymptomLanes(declared, trace, chosen).symptom()


class SymptomLanes:
    """The lanes of a symptom while they are filled."""

    def __init__(self, declared: Declared, trace: Trace, chosen: Sequence[Chosen]) -> None:
        self.declared, self.trace, self.chosen = declared, trace, chosen
        self.names = [match for each in declared.lanes if (match := NAME.fullmatch(each))]
        self.letters = {(each.role, each.pid): each.letter for each in trace.processes}
        self.bars: dict[Key, list[ShownBar]] = {}
        self.marks: dict[Key, list[Mark]] = {}
        self.across: list[Mark] = []

    def symptom(self) -> Symptom:
        """Return the symptom with the bars that the chosen events begin, and marks for the others."""
        timeline = timeline_at(self.trace, len(self.trace.steps))
        told = self.told(self.declared.told) if self.declared.told else None
        begun = {number for bar in timeline.bars if (number := self.add_bar(bar))}
        for each in self.chosen:
            if each.event.number not in begun:
                self.add_mark(each)
        keys = self.keys(told.key if told else None)
        return Symptom(
            lanes=tuple(self.lane(key, told) for key in keys),
            hand_overs=tuple(self.hand_overs(keys, timeline, told)),
            across=tuple(self.across),
            mistakes=tuple(self.mistakes(told)),
        )

    def add_bar(self, bar: Bar) -> int:
        """Add `bar` if the picture shows it; return the number of the chosen event that begins it, 0 for none."""
        chosen = next((each for each in self.chosen if each.event.number == bar.begin.number), None)
        is_context = bar.kind in CONTEXT and not bar.is_inside
        key = self.key(bar.place, bar.task) if is_context or chosen else None
        if key is None:
            return 0
        text = chosen.text if chosen and not is_context else ""
        letter = self.letters.get((bar.place.name, bar.place.pid), "")
        self.bars.setdefault(key, []).append(ShownBar(bar, text or default_text(bar), letter))
        return 0 if is_context else bar.begin.number

    def add_mark(self, each: Chosen) -> None:
        mark = Mark(each.event.kind, milliseconds(each.event), each.text)
        if key := self.key_of_event(each.event):
            self.marks.setdefault(key, []).append(mark)
        else:
            self.across.append(mark)

    def key_of_event(self, event: RecordedEvent) -> Key | None:
        task, payload = event.payload.get("task") or "", event.payload
        place = Place(event.lane, event.pid)
        if event.kind == "died":
            place = Place(payload.get("process") or "", payload["died_pid"])
        output = self.key(Place(OUTPUT, event.pid), task) if event.kind == "printed" else None
        return output or self.key(place, task)

    def key(self, place: Place, task: str) -> Key | None:
        """Return the lane of a place; None if there is no such lane."""
        of = {QUEUE_TABLE: QUEUE, Lane.WORKER: WORKERS}.get(place.name, place.name)
        for index, name in enumerate(self.names):
            if name["of"] == of:
                return Key(index, {None: "", "task": task, "process": f"{place.name} {place.pid}"}[name["by"]])
        return None

    def told(self, rule: ToldRule) -> Told | None:
        """Return what somebody was told; None if the run doesn't show it."""
        subject = rule.subject
        step = find_step(self.trace, *subject.rules[0])
        value = observed_value(subject, self.trace)
        if step is None or value is None or (rule.part or "") not in value:
            return None
        place = Place(step.process, step.pid)
        text = fill(rule.text, {"value": rule.part or value.strip("'")})
        return Told(self.key(place, step.task), place, step.event_number, Mark(step.event, step.at_ms, text))

    def keys(self, told: Key | None) -> list[Key]:
        """Return the lanes from top to bottom: tasks in order of appearance, processes by letter."""
        tasks = list(self.trace.histories.tasks)

        def order(key: Key) -> tuple[int, int, str]:
            return key.lane, tasks.index(key.part) if key.part in tasks else 0, self.label(key)

        used = {*self.bars, *self.marks, *({told} if told else ())}
        empty = {Key(index) for index in range(len(self.names))} - {Key(key.lane) for key in used}
        return sorted(used | empty, key=order)

    def lane(self, key: Key, told: Told | None) -> SymptomLane:
        bars, marks = self.bars.get(key, ()), self.marks.get(key, ())
        return SymptomLane(self.label(key), tuple(bars), tuple(marks), told.mark if told and told.key == key else None)

    def label(self, key: Key) -> str:
        if task := self.trace.histories.tasks.get(key.part):
            return task.label
        for (role, pid), letter in self.letters.items():
            if key.part == f"{role} {pid}":
                return letter or role
        of = str(self.names[key.lane]["of"])
        return "worker" if of == WORKERS else of

    def hand_overs(self, keys: Sequence[Key], timeline: Timeline, told: Told | None) -> Iterator[HandOver]:
        """Yield the hand-overs to what was chosen, where it has a bar, and the last one to who was told something."""
        numbers = {each.event.number for each in self.chosen}
        shown = [each for each in timeline.arrows if each.kind != "read" and each.received.number in numbers]
        read = [each for each in timeline.arrows if told and is_read_by(each, told)]
        for arrow in (*shown, *read[-1:]):
            source, target = self.key(arrow.source, arrow.task), self.key(arrow.target, arrow.task)
            tables = [key for place, key in ((arrow.source, source), (arrow.target, target)) if place.pid == 0]
            is_shown = all(key and self.has_bar(key, arrow.task) for key in tables)
            if source in keys and target in keys and source != target and is_shown:
                yield HandOver(keys.index(source), keys.index(target), arrow.received.at_ms)

    def has_bar(self, key: Key, task: str) -> bool:
        """Return whether a lane shows a bar of that task."""
        return any(shown.bar.task == task for shown in self.bars.get(key, ()))

    def mistakes(self, told: Told | None) -> Iterator[tuple[str, str]]:
        """Yield what the run doesn't have."""
        seen = {each.index for each in self.chosen}
        for index, event in enumerate(self.declared.events):
            if index not in seen:
                yield f"events {index}", f"no event “{event.event}” of the run is selected"
        used = {key.lane for key in (*self.bars, *self.marks)} | ({told.key.lane} if told and told.key else set())
        for index, name in enumerate(self.declared.lanes):
            if index not in used:
                yield f"lanes {index}", f"the lane “{name}” shows nothing"
        rule = self.declared.told
        if rule and told is None:
            yield "told", f"the run doesn't show “{rule.part or 'a value'}” for “{rule.claim}”"
        elif told and told.key is None:
            yield "told", "the process that was told it has no lane"


def is_read_by(arrow: Arrow, told: Told) -> bool:
    """Return whether `arrow` is a Task row that was read by the process that was told something, before that."""
    return arrow.kind == "read" and arrow.target == told.place and arrow.received.number <= told.number


def default_text(bar: Bar) -> str:
    """Return what a bar is called whose event has no text."""
    if bar.kind == "rows":
        return f"{bar.count} row{'' if bar.count == 1 else 's'}"
    return ("Success" if bar.success else "Failed") if bar.place.name == RESULTS else ""
