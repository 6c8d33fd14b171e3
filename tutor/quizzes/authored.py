"""The questions that stand in a lesson, asked at a run or at the lesson without one. Pure."""

from __future__ import annotations

from dataclasses import replace

from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.questions import QuizOption, QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.trace.claim_evaluation import holds_of, observed_value, step_showing
from tutor.trace.model import Trace

from .kinds.choice import Choice
from .kinds.question import Option

CLASS_QUESTION = "class"
"""The id of the question that a presenter asks the class; those of the quiz are their numbers, from 1."""


def authored(lesson: Lesson, trace: Trace | None) -> dict[str, Choice]:
    """Return id → question, first that to the class if there is one, then those of the quiz.

    `trace` is that of the run that the page shows, as far as it is known; None without a run, where nobody can see the
    number of a step.
    """
    written: dict[str, QuizQuestion] = {CLASS_QUESTION: lesson.content.ask} if lesson.content.ask else {}
    written |= {str(number): each for number, each in enumerate(lesson.content.quiz, 1)}
    return {
        id: choice_of(id, question, lesson, trace)
        for id, question in written.items()
        if trace or question.subject.kind != "step"
    }


def choice_of(id: str, question: QuizQuestion, lesson: Lesson, trace: Trace | None) -> Choice:
    """Return a question of the lesson as it is asked at a run."""
    shown = shown_by(question, trace) if trace else None
    case = case_of(question, trace, shown)
    is_other = trace and case and not question.subject.case
    return Choice(
        id=id,
        text=question.question,
        why=question.why,
        hint=question.hint,
        look=question.look,
        options=tuple(option_of(each, question) for each in question.options),
        right=key_of(question, shown),
        step=step_showing(question.subject, trace) if trace and not case else None,
        claim=str(replace(question.subject, case=case)) if case else "",
        other_case=lesson.case(case).title if is_other else "",
    )


def option_of(option: QuizOption, question: QuizQuestion) -> Option:
    right_in = str(replace(question.subject, case=option.right_in)) if option.right_in else ""
    return Option(option.text, option.why, option.misconception or "", right_in)


def case_of(question: QuizQuestion, trace: Trace | None, shown: int | None) -> str:
    """Return the case that a question is about; "" if it is about the run of the page.

    It is the lesson's own run, if the run of the page has ended and shows none of the options.
    """
    if question.subject.case or trace is None:
        return question.subject.case or DEFAULT
    return DEFAULT if trace.ended and shown is None else ""


def key_of(question: QuizQuestion, shown: int | None) -> int:
    """Return the index of the right option, of which the run shows `shown`.

    It is the option that the run shows, if the run shows exactly one; otherwise, and for a question about a case, it is
    the lesson's own.
    """
    return question.key if question.subject.case or shown is None else shown


def shown_by(question: QuizQuestion, trace: Trace) -> int | None:
    """Return the index of the option that the run shows; None unless it shows exactly one."""
    found = observed_value(question.subject, trace)
    holds = [holds_of(found, question.subject, option.claimed) for option in question.options]
    return holds.index(True) if sum(holds) == 1 else None
