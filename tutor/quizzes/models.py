"""Attempts at a quiz, and the responses in them, as they are stored."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tutor.runs.models import Run

from .kinds.question import LONGEST_ANSWER


class Attempt(models.Model):
    """What one browser sends to the questions of one quiz."""

    browser = models.CharField(max_length=40)
    """The id that its cookie has."""
    quiz = models.CharField(max_length=80)
    """The name of the quiz; see `quiz.Quiz`."""
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="attempts")
    """The run that the quiz is about; the attempt is kept as long as it."""
    is_given = models.BooleanField(default=False)
    """Whether a teacher has given the quiz, so that the attempt is kept as long as that quiz."""
    address = models.GenericIPAddressField(null=True)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["browser", "quiz"], name="attempt_of_browser"),
        ]
        indexes = [
            models.Index(fields=["address", "begun_at"]),
            models.Index(
                fields=["begun_at"], condition=Q(run__isnull=True, is_given=False), name="attempt_kept_shortly"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} by {self.browser[:6]}"


class Response(models.Model):
    """One thing that a browser sent to a question. It is never changed."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        """It answered."""
        HINT = "hint"
        """It asked for the next hint."""
        KEY = "key"
        """It asked for the right answer."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question = models.CharField(max_length=80)
    """The id of the question in the quiz."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True)
    """The answer, in the form of the question's kind."""
    is_right = models.BooleanField(null=True)
    """Whether that answer was right when it was given; None if it is not an answer, or if its run judges it."""
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="responses")
    """The run that tries the answer out, if only a run can judge it."""
    is_sure = models.BooleanField(null=True)
    """Whether the answer was sent as a sure one, or as a guess; None if that wasn't asked."""
    token = models.CharField(max_length=16)
    """The token of the form that sent it. A form that is sent again has the same one."""
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["attempt", "question", "token"], name="token_of_question")]

    def __str__(self) -> str:
        return f"{self.question}: {self.kind}"

    def save(self, **kwargs: Any) -> None:
        """Add the response. Raises TypeError if it is already stored."""
        if not self._state.adding:
            raise TypeError("Responses can't be changed.")
        super().save(**kwargs)
