"""Checking an answer against the lesson, or against the trace of a run. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.lessons.format.questions import QuizOption, QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import step_showing, value_holds
from tutor.trace.model import Step, Trace

CLASS_QUESTION = 0
"""The number of the question that a presenter asks the class; the quiz's are numbered from 1."""
LONGEST_INDEX = 2
"""The maximum length of an option's index."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking an answer."""

    question: QuizQuestion
    chosen: QuizOption
    right: bool
    step: Step | None
    """The step of the run that shows the answer; None if the run has no such step."""


def check(lesson: Lesson, trace: Trace, number: int, answer: str) -> Verdict:
    """Check `answer`, the index of an option from 0 as text, to question `number` of `lesson`.

    Raise LookupError if there is no such question or option.
    """
    question = question_of(lesson, number)
    index = index_of(question, answer)
    shown = step_showing(question.subject, trace)
    return Verdict(
        question=question,
        chosen=question.options[index],
        right=index == key_of(question, trace),
        step=trace.steps[shown - 1] if shown else None,
    )


def question_of(lesson: Lesson, number: int) -> QuizQuestion:
    question = lesson.content.ask if number == CLASS_QUESTION else dict(enumerate(lesson.content.quiz, 1)).get(number)
    if question is None:
        raise LookupError(f"unknown question {number} (known: 1 to {len(lesson.content.quiz)})")
    return question


def index_of(question: QuizQuestion, answer: str) -> int:
    if not (answer.isdecimal() and len(answer) <= LONGEST_INDEX and int(answer) < len(question.options)):
        raise LookupError(f"unknown option (known: 0 to {len(question.options) - 1})")
    return int(answer)


def key_of(question: QuizQuestion, trace: Trace) -> int:
    """Return the index of the right option.

    It is the option that the run shows, if the run shows exactly one; otherwise, and for a question about a case, it is
    the lesson's own.
    """
    if question.subject.case:
        return question.key
    shown = [
        index for index, option in enumerate(question.options) if value_holds(question.subject, option.claimed, trace)
    ]
    return shown[0] if len(shown) == 1 else question.key
