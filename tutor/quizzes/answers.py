"""Checking an answer, against the lesson or against what a run really did."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.lessons.lesson import Lesson
from tutor.lessons.parts import QuizQuestion
from tutor.runs.trace import Step, Trace


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an answer."""

    question: QuizQuestion
    chosen: str
    """The option that was chosen, as it is written."""
    right: bool | None
    """None where only a run could tell and there is none that can."""
    step: Step | None
    """The step of the run that shows it, where the question is about one."""


def check(lesson: Lesson, seen: Trace, number: int, chosen: str) -> Verdict:
    """Check option `chosen` (an index from 0, as text) of question `number` (from 1).

    Raises LookupError where there is no such question or option.
    """
    if not 1 <= number <= len(lesson.quiz):
        raise LookupError(f"The lesson has questions 1 to {len(lesson.quiz)}.")
    question = lesson.quiz[number - 1]
    if not (chosen.isdecimal() and len(chosen) < 3 and int(chosen) < len(question.options)):
        raise LookupError("There is no such option.")
    first_steps = {step.id: step for step in reversed(seen.steps)}
    key = question.right({rule: step.number for rule, step in first_steps.items()})
    return Verdict(
        question=question,
        chosen=str(question.options[int(chosen)]),
        right=None if key is None else key == int(chosen),
        step=first_steps.get(question.rule) if question.rule else None,
    )
