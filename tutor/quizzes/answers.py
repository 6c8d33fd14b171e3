"""Checking an answer, against the lesson or against what a run really did."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.lessons.format.questions import QuizOption, QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import says, shown_at
from tutor.trace.model import Step, Trace


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an answer."""

    question: QuizQuestion
    chosen: QuizOption
    right: bool
    step: Step | None
    """The step of the run that shows it, where the question is about one."""


def check(lesson: Lesson, seen: Trace, number: int, chosen: str) -> Verdict:
    """Check option `chosen` (an index from 0, as text) of question `number` (from 1; 0 is what the class is asked).

    Raises LookupError where there is no such question or option.
    """
    question = lesson.ask if number == 0 else dict(enumerate(lesson.quiz, 1)).get(number)
    if question is None:
        raise LookupError(f"The lesson has questions 1 to {len(lesson.quiz)}.")
    if not (chosen.isdecimal() and len(chosen) < 3 and int(chosen) < len(question.options)):
        raise LookupError("There is no such option.")
    option = question.options[int(chosen)]
    number_of_step = shown_at(question.subject, seen)
    return Verdict(
        question=question,
        chosen=option,
        right=int(chosen) == key_of(question, seen),
        step=seen.steps[number_of_step - 1] if number_of_step else None,
    )


def key_of(question: QuizQuestion, seen: Trace) -> int:
    """The right option's index: by what the run shows, if it shows one of them; else by the lesson's own run."""
    if question.subject.case:
        return question.key
    right = [index for index, option in enumerate(question.options) if says(question.subject, option.claimed, seen)]
    return right[0] if len(right) == 1 else question.key
