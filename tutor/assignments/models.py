"""Assignments, their own runs and questions, and their students, as they are stored."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tutor.quizzes.models import Attempt
from tutor.runs.models import LessonVersion, Run, new_public_id

LONGEST_TITLE, LONGEST_NAME, LONGEST_NOTE = 80, 60, 200
SECRET_BYTES = 18
"""The random bytes of a secret; as text, it has 24 characters."""


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


class Assignment(models.Model):
    """A quiz that a teacher gives."""

    class Variants(models.TextChoices):
        ONE = "one", "All students get the same questions"
        EACH = "each", "Each student gets questions of their own"

    class Order(models.TextChoices):
        SAME = "same", "In one order"
        MIXED = "mixed", "In another order for each student"

    class Feedback(models.TextChoices):
        NOW = "now", "At once"
        AFTER = "after", "After the quiz has closed"

    code = models.CharField(max_length=16, unique=True, default=new_public_id)
    """What the students' address contains."""
    secret = models.CharField(max_length=32, unique=True, default=new_secret)
    """What the teacher's address contains."""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="assignments"
    )
    """The teacher who was signed in; None for a quiz that only its secret address leads to."""
    title = models.CharField(max_length=LONGEST_TITLE)
    seed = models.CharField(max_length=16, default=new_public_id)
    """What chooses its questions, and their order, where all students have the same ones."""
    kinds = models.JSONField(default=list)
    """The kinds of its questions."""
    number = models.PositiveSmallIntegerField()
    """How many questions a student is asked."""
    variants = models.CharField(max_length=4, choices=Variants.choices, default=Variants.ONE)
    order = models.CharField(max_length=5, choices=Order.choices, default=Order.SAME)
    feedback = models.CharField(max_length=5, choices=Feedback.choices, default=Feedback.NOW)
    tries = models.PositiveSmallIntegerField(default=2)
    """How many wrong answers a question takes, if feedback is given at once."""
    minutes = models.PositiveSmallIntegerField(null=True)
    """How long a student has from their beginning; None for no limit but the closing time."""
    one_by_one = models.BooleanField(default=True)
    """Whether a page has one question, not all of them."""
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    has_list = models.BooleanField(default=False)
    """Whether only students of the teacher's list take part, even if all of them have deleted what they sent."""
    made_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    """When its questions were made of its runs. They never change after that."""
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["address", "made_at"]),
            models.Index(fields=["closes_at"]),
            models.Index(fields=["made_at"], condition=Q(ready_at__isnull=True), name="assignment_not_ready"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gte=F("opens_at")), name="assignment_opens_before_it_closes")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"

    def get_absolute_url(self) -> str:
        """Return the address for students."""
        return reverse("assignment", args=[self.code])

    @property
    def teacher_address(self) -> str:
        return reverse("given", args=[self.secret])

    @property
    def group(self) -> str:
        """The name of the channel group that is notified of its changes."""
        return f"assignment.{self.code}"


class AssignedRun(models.Model):
    """A run of the assignment's own, of which its questions are made. It is closed to others until the quiz closes."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="runs")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="assigned")
    case = models.CharField(max_length=100)
    """The name of its case."""

    def __str__(self) -> str:
        return f"{self.assignment} {self.run}"


class AssignedQuestion(models.Model):
    """A question that an assignment may ask. It never changes, but may be taken out."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    """Its number among those of the assignment, from 1."""
    version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT)
    """The version of its lesson."""
    case = models.CharField(max_length=100)
    """The name of the case of its run."""
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="assigned_questions")
    """The run that shows the answer; None if that isn't kept any more."""
    document = models.JSONField()
    """The question with its key; see `tutor.assignments.documents`."""
    taken_out_at = models.DateTimeField(null=True)
    """Since when it isn't asked and doesn't count."""
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    """Why it was taken out."""

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["assignment"], condition=Q(taken_out_at__isnull=False), name="assigned_question_taken_out"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["assignment", "number"], name="question_of_assignment")]

    def __str__(self) -> str:
        return f"{self.assignment} {self.number}"


class Student(models.Model):
    """Somebody who is given an assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="students")
    name = models.CharField(max_length=LONGEST_NAME)
    identity = models.CharField(max_length=LONGEST_NAME, blank=True)
    """What else the teacher's list says of them: an address or a number, as another system knows them."""
    key = models.CharField(max_length=32, unique=True, default=new_secret)
    """What their personal address contains. It chooses their questions, if each student has questions of their own."""
    is_listed = models.BooleanField(default=False)
    """Whether the teacher has listed them."""
    is_preview = models.BooleanField(default=False)
    """Whether it is the teacher, who looks at the quiz as a student; nothing of it counts."""
    address = models.GenericIPAddressField(null=True)
    begun_at = models.DateTimeField(null=True)
    """When they were shown the questions first."""
    attempt = models.OneToOneField(Attempt, on_delete=models.SET_NULL, null=True, related_name="student")
    """What they have sent, once they have begun."""

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["assignment", "address"])]

    def __str__(self) -> str:
        return f"{self.name} {self.assignment}"


class Draft(models.Model):
    """What a student has put into the form of a question and hasn't sent. It doesn't count."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="drafts")
    question = models.PositiveSmallIntegerField()
    """The number of the question."""
    fields = models.JSONField()
    """Name of a field → its value."""
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "question"], name="draft_of_question")]

    def __str__(self) -> str:
        return f"{self.student} {self.question}"
