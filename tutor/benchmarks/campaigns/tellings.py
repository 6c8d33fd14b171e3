"""What is told of broken runs: each lesson is broken in every way that is possible in it.

What the page of the run tells is computed here by other code, which searches the events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tutor.labs.host.lab_host import LabHost
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.lesson import Lesson
from tutor.protocol.interventions import Intervention
from tutor.protocol.lanes import Lane
from tutor.protocol.texts import shortened
from tutor.runs.aims import aimed, done_at
from tutor.runs.models import Event
from tutor.trace.chances import TITLES, Chance, chances_at
from tutor.trace.consequences import MORE_OFTEN, NO, OFTEN, YES, consequences
from tutor.trace.model import HEADLINE, Trace
from tutor.trace.projector import project

from ..labs import lab_host, run
from ..lesson import default_spec
from ..load import threads
from .breaks import Target, events_of
from .trial import Campaign, Trial

AT_ONCE = 2
QUEUES = ("queued", "uncommitted", "picked", "started", "not_started")
"""Kinds of events by which a task is known first."""
OF_THE_CLUSTER = (Lane.SENTINEL, Lane.CLUSTER)


@dataclass(frozen=True, slots=True)
class Break:
    """Something to do to a lesson's run."""

    lesson: Lesson
    target: Target


def carry_out(tries: int) -> Iterator[Trial]:
    """Break each lesson by each action at up to three of its steps: the first, the last and one between them."""
    lessons = catalogue_of((CONTENT,)).read().lessons.values()
    with lab_host() as host, threads(AT_ONCE) as pool:
        wanted = enumerate(islice((each for lesson in lessons for each in breaks_of(lesson, host)), tries))
        yield from pool.map(lambda each: outcome(host, *each), wanted)


def breaks_of(lesson: Lesson, host: LabHost) -> Iterator[Break]:
    spec = default_spec(lesson)
    events = events_of(lesson, run(host, spec, f"whole-{lesson.slug}")[1])
    trace = project(lesson, events)
    there = [each for step in trace.steps for each in chances_at(trace, step.number, spec.settings) if each.at]
    for action in TITLES:
        for each in some_of([each for each in there if each.action == action]):
            yield Break(lesson, Target(spec, aimed(events, each.at, action, each.seconds)))


def some_of(chances: Sequence[Chance]) -> list[Chance]:
    """Return up to three of the moments at which something can be done."""
    moments = list({each.at: each for each in chances}.values())
    places = {0, len(moments) // 2, len(moments) - 1} if moments else ()
    return [moments[place] for place in sorted(places)]


def outcome(host: LabHost, number: int, wanted: Break) -> Trial:
    """Return what came of one try."""
    spec, aim, lesson = wanted.target.spec, wanted.target.intervention, wanted.lesson
    name = f"{lesson.slug}, {aim.action} at {aim.at.event}"
    try:
        broken = replace(spec, interventions=(*spec.interventions, aim))
        began, observations = run(host, broken, f"telling-{number}")
        events = events_of(lesson, observations, [aim])
        wrong = next(untruths(project(lesson, events), events, aim), None)
        return Trial(wrong and f"{name}: {wrong}", seconds=(observations[-1].at - began) / 1e9)
    except Exception as error:
        return Trial(f"{name}: {type(error).__name__}: {error}")


def untruths(trace: Trace, events: Sequence[Event], aim: Intervention) -> Iterator[str]:
    """Yield what is told of a broken run and isn't so."""
    told = {id: each.value for id, each in consequences(trace, aim).items()}
    if told != (came := what_came(events, aim)):
        yield f"{told} is told, {came} is so"
    ended = events[-1].payload
    if ended["outcome"] != (expected := ending(events)) or (expected != "finished" and not ended["reason"]):
        yield f"it ended as {ended}, not as {expected} for a reason"
    deeds: list[int | None] = [
        each.number for each in events if each.kind == "intervened" and each.payload["action"] == aim.action
    ]
    if (done := done_at(events, aim)) not in (deeds or [None]):
        yield f"it is said to be done at event {done}, not at one of {deeds}"
    for step in trace.steps:
        texts = (step.note, step.more, step.sentence, step.closing)
        if done and step.event_number > done and (any(texts) or step.headline != headline_of(step.action)):
            yield f"step {step.number} says what the lesson says of other runs: {[step.headline, *texts]}"


def headline_of(action: str) -> str:
    return shortened(action, HEADLINE)


def ending(events: Sequence[Event]) -> str:
    """Return how the run has ended."""
    roles = [each.payload["process"] for each in events if each.kind == "died"]
    if any(role in OF_THE_CLUSTER for role in roles):
        return "lost"
    if any(each.kind in ("gate_expired", "limit") for each in events):
        return "stopped"
    errors = [each.payload["error"] for each in events if each.kind == "program_ended"]
    rows = {each.payload["task"]: each.payload["success"] for each in events if each.kind == "stored"}
    has_failed = any(errors) or not all(rows.values()) or (not errors and Lane.CALLER in roles)
    return "failed" if has_failed else "finished"


def what_came(events: Sequence[Event], aim: Intervention) -> dict[str, str]:
    """Return id of a question → its answer, found by searching the events."""
    task = task_of(events, aim)
    rows = [each for each in events if each.kind in ("stored", "deleted") and each.payload.get("task") == task]
    starts = sum(each.kind == "started" and each.payload["task"] == task for each in events)
    row = rows[-1] if rows and rows[-1].kind == "stored" else None
    return {
        "stored": ("Success" if row.payload["success"] else "Failed") if row else NO,
        "starts": OFTEN[starts] if starts < len(OFTEN) else MORE_OFTEN,
        "learns": YES if any(reads_failure(each, rows) for each in events) else NO,
    }


def task_of(events: Sequence[Event], aim: Intervention) -> str | None:
    """Return the id of the task that is asked about."""
    known = {each.payload["task"]: each.payload.get("func") for each in events if each.kind in QUEUES}
    subject = aim.subject
    if subject is None or subject.kind != "task":
        return next(iter(known), None)
    same = [task for task, func in known.items() if func == subject.func]
    return same[subject.ordinal - 1] if subject.ordinal <= len(same) else None


def reads_failure(event: Event, rows: Sequence[Event]) -> bool:
    """Return whether the program has read one of `rows` there, as it was when it said that the task had failed."""
    if event.lane != Lane.CALLER:
        return False
    before = [each for each in rows if each.kind == "stored" and each.number < event.number and each.pid != event.pid]
    for task, attempt in event.payload.get("read") or ():
        same = [each for each in before if (each.payload["task"], each.payload["attempt_count"]) == (task, attempt)]
        if same and not same[-1].payload["success"]:
            return True
    return False


TELLINGS = {"tellings": Campaign("what is told of a broken run is what its events say", carry_out, tries=500)}
"""Name → campaign."""
