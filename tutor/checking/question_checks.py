"""Faults of questions that don't need a reader: an option has no reason, or the page gives the answer away."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.prose_texts import questions_of
from tutor.quizzes.told import told_by
from tutor.quizzes.words import simplified
from tutor.trace.claim_evaluation import value_holds

from .case_runs import CaseRun, Runs

LONGER = 1.5
"""How many times as long as the longest wrong option the right one may be."""
SHORT = 24
"""Characters that the right option may always have."""

Fault = tuple[str, str]
"""(part of the question, as in `Lesson.lines`; message)."""


def question_faults(lesson: Lesson, runs: Runs) -> Iterator[Fault]:
    """Yield the faults of all questions of `lesson`."""
    told = told_by(lesson, runs[lesson.slug, DEFAULT].events)
    for path, question in questions_of(lesson.content):
        place = " ".join(map(str, path))
        if not question.look:
            yield place, 'it has no "look": say where the run shows the answer'
        right = question.options[question.key]
        for where in told.places(question.subject, (right.text, right.claimed)):
            yield f"{place} claim", f"the {where} answers it: ask something else, or take the answer out of there"
        run = runs[lesson.slug, question.subject.case or DEFAULT]
        for index, message in (*option_faults(question), *also_right(question, run)):
            yield f"{place} options {index}", message


def option_faults(question: QuizQuestion) -> Iterator[tuple[int, str]]:
    """Yield the faults of single options, as (index, message)."""
    seen: set[str] = set()
    for index, option in enumerate(question.options):
        if not (option.right or option.why):
            yield index, 'a wrong option without "why": say what is wrong with it'
        if (same := simplified(option.text)) in seen:
            yield index, f"“{option.text}” is the same as another option, but for case, spaces and punctuation"
        seen.add(same)
    right, longest = len(question.options[question.key].text), longest_wrong(question)
    if right > max(SHORT, LONGER * longest):
        message = f"the right option has {right} characters, the longest wrong one {longest}"
        yield question.key, f"{message}: its length tells it; shorten it, or say as much in a wrong one"


def also_right(question: QuizQuestion, run: CaseRun) -> Iterator[tuple[int, str]]:
    """Yield the wrong options that are right in the run that the question is about, as (index, message)."""
    for index, option in enumerate(question.options):
        if not option.right and value_holds(question.subject, option.claimed, run.trace):
            yield index, f"“{option.claimed}” is right in {run.title} too: give it another value"


def longest_wrong(question: QuizQuestion) -> int:
    return max(len(option.text) for option in question.options if not option.right)
