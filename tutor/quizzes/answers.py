"""The key of a question, in the lesson or in the trace of a run. Pure."""

from __future__ import annotations

from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import value_holds
from tutor.trace.model import Trace

CLASS_QUESTION = 0
"""The number of the question that a presenter asks the class; the quiz's are numbered from 1."""


def question_of(lesson: Lesson, number: int) -> QuizQuestion:
    """Return the question with that number. Raise LookupError if there is none."""
    question = lesson.content.ask if number == CLASS_QUESTION else dict(enumerate(lesson.content.quiz, 1)).get(number)
    if question is None:
        raise LookupError(f"unknown question {number} (known: 1 to {len(lesson.content.quiz)})")
    return question


def key_of(question: QuizQuestion, trace: Trace) -> int:
    """Return the index of the right option.

    It is the option that the run shows, if the run shows exactly one; otherwise, and for a question about a case, it is
    the lesson's own.
    """
    shown = shown_by(question, trace)
    return question.key if question.subject.case or shown is None else shown


def shown_by(question: QuizQuestion, trace: Trace) -> int | None:
    """Return the index of the option that the run shows; None unless it shows exactly one."""
    holds = [value_holds(question.subject, option.claimed, trace) for option in question.options]
    return holds.index(True) if sum(holds) == 1 else None
