"""Repairs: the questions of a lesson that are answered by changing a knob, and the runs that judge the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from tutor.lessons.claims import subject_of
from tutor.lessons.format.knobs import Knob
from tutor.lessons.format.questions import RepairQuestion
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run
from tutor.runs.service import enqueue, store
from tutor.runs.versions import lesson_of
from tutor.trace.model import Trace
from tutor.trace.projector import project

from .kinds.question import Option, Question
from .kinds.repair import Repair, answer_of
from .models import Response

TRACES = 32
"""The number of traces that a process keeps of the runs that judge answers."""


def repairs(lesson: Lesson) -> dict[str, Repair]:
    """Return id → question, for the repairs of a lesson."""
    written = {f"repair-{number}": each for number, each in enumerate(lesson.content.repair, 1)}
    return {id: repair_of(id, each, lesson) for id, each in written.items()}


def repair_of(id: str, question: RepairQuestion, lesson: Lesson) -> Repair:
    knobs: dict[str, Knob] = {each.name: each for each in lesson.content.knobs}
    known = {}
    for miss in question.misses:
        ((name, value),) = lesson.case(miss.case).knobs.items()
        known[answer_of(knobs[name], value)] = Option("", miss.why, miss.misconception or "")
    name, value = next(iter(question.heals.items()))
    healed = next((each.name for each in lesson.cases if each.knobs == {name: value}), "")
    return Repair(
        id=id,
        text=question.question,
        why=question.why,
        hint=question.hint,
        look=question.look,
        knobs=tuple(knobs[each] for each in question.knobs),
        claim=str(replace(subject_of(question.claim), case=healed)) if healed else "",
        goal=subject_of(question.claim),
        value=question.value,
        heals=answer_of(knobs[name], value),
        known=known,
    )


def try_out(question: Repair, answer: str, lesson: Lesson, *, session: SessionBase, address: str | None) -> Run:
    """Return a run of the lesson with one knob changed, which begins after the commit. Raises TooManyRuns."""
    knobs = {**lesson.defaults, **question.change(answer)}
    run = store(lesson, knobs, session=session, address=address)
    transaction.on_commit(partial(enqueue, run))
    return run


def judged(questions: Mapping[str, Question], responses: Iterable[Response]) -> list[Response]:
    """Return responses with what the runs have shown that try answers out. The stored ones aren't changed."""
    found = list(responses)
    for each in found:
        question = questions.get(each.question)
        if each.run and each.run.state == Run.State.ENDED and isinstance(question, Repair):
            each.is_right = question.judge(trace_of(each.run.public_id))
    return found


@lru_cache(maxsize=TRACES)
def trace_of(public_id: str) -> Trace:
    """Return the trace of a run that has ended."""
    run = Run.objects.get(public_id=public_id)
    return project(lesson_of(run), run.events.order_by("number"))
