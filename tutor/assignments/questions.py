"""The questions of an assignment, read once by each process, as they never change once they are made.

Only whether they are taken out is read each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from tutor.quizzes.kinds.question import Question
from tutor.quizzes.quiz import Item, Quiz
from tutor.runs.versions import stored_lesson

from .documents import question_in
from .models import AssignedQuestion, Assignment
from .pool import chosen

KEPT_ASSIGNMENTS, KEPT_STUDENTS = 32, 4096
"""The number of assignments whose questions a process keeps, and of students of whom it keeps what they are asked."""

TAKEN_OUT = "SELECT * FROM assignments_assignedquestion WHERE assignment_id = %s AND taken_out_at IS NOT NULL"
"""A constant, as in `students.py`."""


@dataclass(frozen=True, slots=True)
class Made:
    """The questions of an assignment."""

    stored: tuple[AssignedQuestion, ...]
    """They are kept without saying whether they are taken out. Nobody changes these objects."""
    items: Mapping[int, Item]
    """Number of a question → the question as students are asked it, with its lesson."""


def questions_of(assignment: Assignment) -> list[AssignedQuestion]:
    """Return the questions that an assignment may ask, as they are now."""
    out = {each.pk: each for each in AssignedQuestion.objects.raw(TAKEN_OUT, [assignment.pk])}
    return [out.get(each.pk, each) for each in made_of(assignment).stored]


def asked_of(assignment: Assignment, key: str) -> list[AssignedQuestion]:
    """Return the questions that the student with a key is asked, in their order, as they are now."""
    by_number = {each.number: each for each in questions_of(assignment)}
    return [by_number[number] for number in numbers_of(assignment, key)]


def quiz_of(assignment: Assignment, key: str) -> Quiz:
    """Return the questions of the student with a key as pages ask them."""
    seed = key if assignment.variants == Assignment.Variants.EACH else assignment.seed
    items = made_of(assignment).items
    asked = {str(number): items[number] for number in numbers_of(assignment, key)}
    return Quiz(f"given/{assignment.code}/{seed}", None, asked)


def numbers_of(assignment: Assignment, key: str) -> tuple[int, ...]:
    """Return the numbers of the questions that the student with a key is asked, in their order."""
    is_alike = (assignment.variants, assignment.order) == (Assignment.Variants.ONE, Assignment.Order.SAME)
    return kept_numbers(assignment.pk, assignment.ready_at, "" if is_alike else key)


def made_of(assignment: Assignment) -> Made:
    return kept_questions(assignment.pk, assignment.ready_at)


@lru_cache(maxsize=KEPT_STUDENTS)
def kept_numbers(assignment: int, ready_at: datetime | None, key: str) -> tuple[int, ...]:
    stored = kept_questions(assignment, ready_at).stored
    return tuple(each.number for each in chosen(stored, Assignment.objects.get(pk=assignment), key))


@lru_cache(maxsize=KEPT_ASSIGNMENTS)
def kept_questions(assignment: int, ready_at: datetime | None) -> Made:
    """Return the questions that were made at a time; none if that is None. They are made again at another time."""
    if ready_at is None:
        return Made((), {})
    stored = tuple(Assignment.objects.get(pk=assignment).questions.select_related("run"))
    for each in stored:
        each.taken_out_at, each.note = None, ""
    return Made(stored, {each.number: Item(stored_lesson(each.version_id), as_asked(each)) for each in stored})


def as_asked(stored: AssignedQuestion) -> Question:
    """Return a question with the tries, and only with hints if there is feedback at once.

    It has no claim: that would lead to a run of the site's own, which may be gone, and has the lesson's own case if the
    question stands in the lesson.
    """
    assignment = stored.assignment
    question = replace(question_in(stored.document), tries=assignment.tries, claim="")
    return question if assignment.feedback == Assignment.Feedback.NOW else replace(question, hint="", look="")
