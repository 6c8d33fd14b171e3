"""The students of an assignment: those who are listed, and those who type a name."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tutor.pages.typed import one_line
from tutor.quizzes.models import Attempt
from tutor.runs.service import valid_address
from tutor.runs.writing import writing

from .models import LONGEST_NAME, Assignment, Student
from .signals import assignment_changed
from .timing import KEPT

MOST_STUDENTS = 1000
GONE = "gone"
"""What that cookie has in the place of a key, once the student has deleted everything."""
MOST_PER_ADDRESS = 500
"""The number of students who may type a name from one address, a school's."""
COOKIE = "student"
"""The cookie that has the key of a student, signed; it is sent to the pages of that assignment alone."""

STUDENT = """SELECT student.* FROM assignments_student AS student JOIN assignments_assignment AS assignment
ON assignment_id = assignment.id WHERE key = %s AND code = %s"""
ASSIGNMENT = "SELECT * FROM assignments_assignment WHERE id = %s"
"""Constants, as each page and answer begins with them, and a queryset takes ten times as long to make its SQL."""


class NotAdmitted(Exception):
    """Somebody can't take part. The message says why."""


def student_of(request: HttpRequest, code: str) -> Student | None:
    """Return the student that a browser is in the assignment with a code; None if it hasn't said so."""
    key = remembered(request, code)
    return find_student(key, code) if key else None


def find_student(key: str, code: str) -> Student | None:
    """Return the student with a key, and with the assignment, as they are stored; locked, in a transaction."""
    lock = (
        " FOR NO KEY UPDATE OF student"
        if connection.in_atomic_block and connection.features.has_select_for_update
        else ""
    )
    student = next(iter(Student.objects.raw(f"{STUDENT}{lock}", [key, code])), None)
    if student:
        student.assignment = next(iter(Assignment.objects.raw(ASSIGNMENT, [student.assignment_id])))
    return student


def has_left(request: HttpRequest, code: str) -> bool:
    """Return whether a student has deleted everything in a browser, which takes part no more.

    Otherwise, somebody could delete a bad result, and begin once more with the answers in mind.
    """
    return remembered(request, code) == GONE


def remembered(request: HttpRequest, code: str) -> str:
    """Return what the browser remembers for this assignment; "" if nothing, or what the site hasn't given it."""
    return request.get_signed_cookie(COOKIE, default="", salt=code) or ""


def remember(response: HttpResponse, key: str, assignment: Assignment) -> HttpResponse:
    """Have the browser remember by its key which student it is. Return `response`."""
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=assignment.code,
        path=reverse("assignment", args=[assignment.code]),
        expires=assignment.closes_at + KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def admit(assignment: Assignment, name: str, address: str | None) -> Student:
    """Add somebody who types a name. Raises NotAdmitted."""
    name, address = one_line(name, LONGEST_NAME), valid_address(address)
    if not name:
        raise NotAdmitted("Type your name.")
    with writing, transaction.atomic():
        locked, students = (
            Assignment.objects.select_for_update(no_key=True).filter(pk=assignment.pk).first(),
            assignment.students,
        )
        if locked is None:
            raise NotAdmitted("This quiz was deleted.")
        if locked.has_list:
            raise NotAdmitted("Your teacher has given each student a personal address. Open yours.")
        if students.count() >= MOST_STUDENTS or students.filter(address=address).count() >= MOST_PER_ADDRESS:
            raise NotAdmitted("This quiz has no room for more students. Please tell your teacher.")
        student = Student.objects.create(assignment=assignment, name=name, address=address)
    assignment_changed.send(sender=Assignment, group=assignment.group)
    return student


def listed_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the identity in each line of a pasted list.

    The identity follows the last comma, semicolon or tab, or is in angle brackets.
    """
    for line in text.splitlines():
        parts = line.replace("<", ",").replace(">", "").replace("\t", ",").replace(";", ",")
        *names, identity = [each.strip() for each in parts.split(",")]
        name = ", ".join(filter(None, names))
        if not name:
            name, identity = identity, ""
        if name := one_line(name, LONGEST_NAME):
            yield name, one_line(identity, LONGEST_NAME)


def enlist(assignment: Assignment, text: str) -> int:
    """Add the students of a pasted list who aren't listed, and return how many that were. Raises NotAdmitted.

    Called in a transaction that has locked the assignment.
    """
    known = {(each.name, each.identity) for each in assignment.students.filter(is_listed=True)}
    new = [each for each in dict.fromkeys(listed_in(text)) if each not in known]
    if assignment.students.count() + len(new) > MOST_STUDENTS:
        raise NotAdmitted(f"A quiz has at most {MOST_STUDENTS} students.")
    Student.objects.bulk_create(
        [Student(assignment=assignment, name=name, identity=identity, is_listed=True) for name, identity in new]
    )
    if new:
        assignment.has_list = True
        assignment.save(update_fields=["has_list"])
    return len(new)


def begin_preview(assignment: Assignment) -> Student:
    """Return a new student that is the teacher, in the place of the one before."""
    with writing, transaction.atomic():
        forget_all(assignment.students.filter(is_preview=True))
        student = Student.objects.create(assignment=assignment, name="You, as a student", is_preview=True)
    begin(student, assignment)
    return student


def begin(student: Student, assignment: Assignment) -> None:
    """Begin the attempt of a student, from which on their time runs. Beginning again changes nothing.

    It does nothing either if the student has deleted everything meanwhile.
    """
    with writing, transaction.atomic():
        stored = Student.objects.select_for_update(no_key=True).filter(pk=student.pk).first()
        if stored is None:
            return
        if stored.attempt_id is None:
            stored.attempt = Attempt.objects.create(
                browser=student.key, quiz=f"given/{assignment.code}", address=student.address, is_given=True
            )
            stored.begun_at = timezone.now()
            stored.save(update_fields=["attempt", "begun_at"])
    student.attempt, student.begun_at = stored.attempt, stored.begun_at
    assignment_changed.send(sender=Assignment, group=assignment.group)


def forget(student: Student) -> None:
    """Delete a student's name and everything that they have sent."""
    with writing, transaction.atomic():
        forget_all(Student.objects.filter(pk=student.pk))
    assignment_changed.send(sender=Assignment, group=student.assignment.group)


def forget_all(students: QuerySet[Student]) -> None:
    """Delete students with everything that they have sent, in a transaction."""
    Attempt.objects.filter(student__in=students).delete()
    students.delete()
