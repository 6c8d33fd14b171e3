"""Cases that differ from the lesson's own run in nothing but the number of workers, and what that changes. Pure.

Somebody who believes that it changes nothing but the speed answers there what is right in the lesson's own run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tutor.lessons.claims import subject_of
from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.lesson import Lesson

from .alike import about, subject_in
from .answers import rights_of
from .generators.fact import MOST_OPTIONS
from .generators.other_rules import changes_workers_only
from .kinds.cell import Cell
from .kinds.choice import Choice
from .kinds.question import Option, Question
from .words import simplified

BELIEF = "more-workers-are-safe"
EFFECTS = ("executions", "attempts", "overlap", "printed", "rows")
"""The subjects of questions about what is done, and not about when."""

Questions = Mapping[str, Sequence[Question]]
"""Case → questions about it."""


def with_other_workers(lesson: Lesson, sound: Questions) -> Questions:
    """Return the questions with that belief at each option that is only right with the own run's number of workers."""
    own = {about(each): each for each in sound.get(DEFAULT, ())}
    return {
        case: [tempting(each, own.get(about(each))) for each in questions]
        if changes_workers_only(lesson, lesson.case(case))
        else questions
        for case, questions in sound.items()
    }


def tempting(question: Question, own: Question | None) -> Question:
    """Return a question with the answer of the lesson's `own` run among its options, as one that has that belief."""
    if own is None or subject_in(question.id) not in EFFECTS or is_of_two_tasks(question):
        return question
    texts = {simplified(each.text) for each in rights_of(question)}
    answer = next((each.text for each in rights_of(own) if simplified(each.text) not in texts), None)
    if answer is None:
        return question
    match question:
        case Choice():
            right = question.options[question.right]
            wrong = [each for each in question.options if each is not right]
            return replace(question, options=(right, *with_belief(answer, wrong)[: MOST_OPTIONS - 1]), right=0)
        case Cell():
            return replace(question, known=tuple(with_belief(answer, question.known)))
    return question


def is_of_two_tasks(question: Question) -> bool:
    """Return whether a question is about what two tasks do at a time, which is what workers are for."""
    return len({each.partition("#")[0] for each in subject_of(question.claim).argument.split(",")}) > 1


def with_belief(answer: str, wrong: Sequence[Option]) -> list[Option]:
    """Return wrong options that begin with `answer`, as one of somebody with the belief."""
    why = "That is so with the other number of workers."
    same = next((each for each in wrong if simplified(each.text) == simplified(answer)), Option(answer, why))
    return [replace(same, misconception=BELIEF), *(each for each in wrong if each is not same)]
