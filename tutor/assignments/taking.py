"""Taking an assignment: the questions of a student as they stand, and storing what the student sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction

from tutor.quizzes.attempts import Incomplete, Refused, response_in
from tutor.quizzes.models import Response
from tutor.quizzes.quiz import AskedQuestion, Item, Quiz
from tutor.runs.writing import writing

from .models import AssignedQuestion, Assignment, Draft, Student
from .questions import asked_of, quiz_of
from .scoring import counted, points, shown
from .signals import assignment_changed
from .students import find_student
from .timing import has_closed, refusal

MOST_CHANGES = 50
"""How many answers a student may send to one question, if the last one counts."""
MOST_FIELDS, LONGEST_FIELD = 10, 200
"""The fields of a form that a draft keeps, and the characters of each."""
NOT_KEPT = ("csrfmiddlewaretoken", "token", "kind")
"""The fields of a form that aren't part of an answer."""
RESPONSES = "SELECT * FROM quizzes_response WHERE attempt_id = %s ORDER BY id"
"""A constant, as in `students.py`."""
Kind = Response.Kind


class Late(Refused):
    """An answer that came after its time. The form keeps it, so that it can be seen what was meant."""

    keeps_form = True


class NotBegun(Refused):
    """Something that came from a student who isn't asked anything yet, or any more."""

    def __init__(self) -> None:
        super().__init__("You haven’t begun this quiz, or have deleted your answers. Load its page again.")


@dataclass(frozen=True)
class Taking:
    """What a student is asked, and what the student has sent."""

    assignment: Assignment
    student: Student
    chosen: Sequence[AssignedQuestion]
    responses: Sequence[Response]
    now: datetime

    @cached_property
    def by_question(self) -> Mapping[str, list[Response]]:
        """Number of a question → what was sent to it."""
        found: dict[str, list[Response]] = {str(each.number): [] for each in self.chosen}
        for response in self.responses:
            found.setdefault(response.question, []).append(response)
        return found

    @cached_property
    def quiz(self) -> Quiz:
        """The questions as pages ask them."""
        return quiz_of(self.assignment, self.student.key)

    @cached_property
    def is_over(self) -> bool:
        return has_closed(self.assignment, self.now)

    @cached_property
    def asked(self) -> list[AskedQuestion]:
        """The questions as they stand, in their order, as far as the student may know."""
        return [self.asked_as(id, item) for id, item in self.quiz.items.items()]

    def asked_as(self, id: str, item: Item) -> AskedQuestion:
        state = shown(self.assignment, self.by_question[id], is_over=self.is_over)
        return AskedQuestion(self.quiz.name, self.quiz.numbers[id], item.lesson, item.question, state)

    def last_answer(self, id: str) -> str:
        """Return what the student has answered last, in words; "" if nothing."""
        answers = [each.answer for each in self.by_question[id] if each.kind == Kind.ANSWER]
        return self.quiz.items[id].question.option(answers[-1]).text if answers else ""

    @cached_property
    def score(self) -> float:
        """The points so far, of the questions that aren't taken out."""
        return sum(points(counted(self.assignment, self.by_question[str(each.number)])) for each in self.counting)

    @property
    def counting(self) -> list[AssignedQuestion]:
        """The questions that count."""
        return [each for each in self.chosen if each.taken_out_at is None]


def taking(assignment: Assignment, student: Student, now: datetime) -> Taking:
    """Return what a student is asked and has sent, as it is at a time."""
    sent = list(Response.objects.raw(RESPONSES, [student.attempt_id])) if student.attempt_id else []
    return Taking(assignment, student, asked_of(assignment, student.key), sent, now)


def locked(student: Student, now: datetime) -> Taking:
    """Return the same as it is stored, for adding something to it, one at a time. Raises NotBegun.

    The teacher may have closed the quiz meanwhile, and the student may have deleted everything.
    """
    found = find_student(student.key, student.assignment.code)
    if found is None or found.attempt_id is None:
        raise NotBegun
    return taking(found.assignment, found, now)


def respond(assignment: Assignment, student: Student, id: str, sent: Mapping[str, str], now: datetime) -> Taking:
    """Store what a form has sent to a question at a time, and return all that the student has sent.

    When this returns, it is committed. If the form was already sent, nothing is stored. Raises Refused, and LookupError
    for a question that isn't asked.
    """
    response = response_in(quiz_that_asks(assignment, student, id), id, sent)
    with writing, transaction.atomic():
        own = locked(student, now)
        if any(each.token == response.token for each in own.by_question[id]):
            return own
        check(own, response)
        response.attempt_id = own.student.attempt_id  # type: ignore[assignment]  # `locked` has checked it.
        response.save(force_insert=True)
        if response.kind == Kind.ANSWER:
            keep_draft(student, id, sent)
    assignment_changed.send(sender=Assignment, group=assignment.group)
    return replace(own, responses=[*own.responses, response])


def quiz_that_asks(assignment: Assignment, student: Student, id: str) -> Quiz:
    """Return the questions of a student. Raises LookupError if that with a number isn't among them."""
    quiz = quiz_of(assignment, student.key)
    if id not in quiz.items:
        raise LookupError(f"This quiz doesn’t ask you question {id}.")
    return quiz


def check(own: Taking, response: Response) -> None:
    """Raise Refused if a response isn't accepted after those that were sent to its question before."""
    id, assignment = response.question, own.assignment
    before, question = own.by_question[id], own.quiz.items[id].question
    if why := refusal(assignment, own.student, own.now):
        raise Late(why)
    if id not in [str(each.number) for each in own.counting]:
        raise Refused("Your teacher has taken this question out. It doesn’t count for anybody.")
    if response.kind == Kind.KEY:
        raise Refused("The right answer is shown after the last try, or when the quiz has closed.")
    if assignment.feedback == Assignment.Feedback.NOW:
        if why := counted(assignment, before).refusal(response, len(question.all_hints)):
            raise Refused(why)
    elif response.kind != Kind.ANSWER:
        raise Refused("This quiz gives no hints.")
    elif len(before) >= MOST_CHANGES:
        raise Refused(f"You have changed this answer {MOST_CHANGES} times. The last one counts.")


def save_draft(assignment: Assignment, student: Student, id: str, sent: Mapping[str, str], now: datetime) -> None:
    """Keep what a student has put into a form so far. Raises Refused, and LookupError as `respond` does."""
    if student.attempt_id is None:
        raise NotBegun
    quiz_that_asks(assignment, student, id)
    with writing, transaction.atomic():
        if why := refusal(locked(student, now).assignment, student, now):
            raise Late(why)
        keep_draft(student, id, sent)


def keep_draft(student: Student, id: str, sent: Mapping[str, str]) -> None:
    fields = {name: value for name, value in sent.items() if name not in NOT_KEPT}
    if len(fields) > MOST_FIELDS or any(len(text) > LONGEST_FIELD for each in fields.items() for text in each):
        raise Incomplete("That is longer than an answer can be.")
    draft = Draft(student=student, question=int(id), fields=fields)
    conflict: dict[str, Any] = {"unique_fields": ["student", "question"], "update_fields": ["fields", "saved_at"]}
    Draft.objects.bulk_create([draft], update_conflicts=True, **conflict)  # One statement.
