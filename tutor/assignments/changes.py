"""What a teacher changes of a quiz."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from tutor.runs.models import Run
from tutor.runs.writing import writing

from .form import TimesForm
from .models import AssignedQuestion, Assignment
from .signals import assignment_changed
from .students import forget_all


class NotChanged(Exception):
    """Something that can't be changed. The message says why."""


def changed(assignment: Assignment) -> None:
    """Tell pages of a change, once it is committed."""
    send = partial(assignment_changed.send, sender=Assignment, group=assignment.group)
    transaction.on_commit(send)


def set_times(assignment: Assignment, form: TimesForm) -> None:
    """Change when a quiz is open, and so until when its runs are closed to others. Raises NotChanged."""
    if not form.is_valid():
        raise NotChanged(" ".join(str(text) for texts in form.errors.values() for text in texts))
    form.save()
    keep_runs_closed(assignment)


def close_now(assignment: Assignment, now: datetime) -> None:
    """Close a quiz, unless it has closed. Raises NotChanged if it hasn't opened."""
    if now < assignment.opens_at:
        raise NotChanged("This quiz hasn’t opened. Change its times, or delete it.")
    if now < assignment.closes_at:
        assignment.closes_at = now
        assignment.save(update_fields=["closes_at"])
        keep_runs_closed(assignment)


def keep_runs_closed(assignment: Assignment) -> None:
    """Keep the quiz's own runs closed to others until it closes."""
    Run.objects.filter(assigned__assignment=assignment).update(closed_until=assignment.closes_at)
    changed(assignment)


def make_again(assignment: Assignment) -> None:
    """Have the questions made again. Raises NotChanged once somebody has begun."""
    if assignment.students.filter(begun_at__isnull=False, is_preview=False).exists():
        raise NotChanged("Somebody has begun this quiz, so its questions stay. Give another one.")
    forget_all(assignment.students.filter(is_preview=True))
    assignment.questions.all().delete()
    assignment.ready_at = None
    assignment.save(update_fields=["ready_at"])
    changed(assignment)


def question_of(assignment: Assignment, number: str) -> AssignedQuestion:
    found = next((each for each in assignment.questions.all() if str(each.number) == number), None)
    if found is None:
        raise NotChanged("This quiz has no such question. Load the page again.")
    return found


def take_out(assignment: Assignment, number: str, note: str, now: datetime) -> None:
    """Take a question out: it counts for nobody, and the students who had it are told. Raises NotChanged."""
    question = question_of(assignment, number)
    question.taken_out_at, question.note = now, note
    question.save(update_fields=["taken_out_at", "note"])
    changed(assignment)


def put_back(assignment: Assignment, number: str) -> None:
    """Let a question that was taken out count again. Raises NotChanged."""
    question = question_of(assignment, number)
    question.taken_out_at, question.note = None, ""
    question.save(update_fields=["taken_out_at", "note"])
    changed(assignment)


def forget_students(assignment: Assignment) -> None:
    """Delete the names and answers of all students, and the personal addresses. Raises NotChanged."""
    forget_all(assignment.students.all())
    assignment.has_list = False
    assignment.save(update_fields=["has_list"])
    changed(assignment)


def delete(assignment: Assignment) -> None:
    """Delete a quiz with its students. Its runs are open then, and are kept as long as other runs are."""
    now = timezone.now()
    with writing, transaction.atomic():
        Run.objects.filter(assigned__assignment=assignment, closed_until__gt=now).update(closed_until=now)
        forget_all(assignment.students.all())
        assignment.delete()
