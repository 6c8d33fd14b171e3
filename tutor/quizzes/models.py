"""Attempts at a quiz, and the responses in them, as they are stored."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tutor.runs.models import Run


class Attempt(models.Model):
    """What one browser sends to the questions of a lesson, at a run or, without one, at a version of the lesson."""

    browser = models.CharField(max_length=40)
    """The id that its cookie has."""
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, related_name="attempts")
    version = models.CharField(max_length=16, blank=True)
    """The version of the lesson, if there is no run; otherwise empty."""
    address = models.GenericIPAddressField(null=True)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["browser", "run"], condition=Q(run__isnull=False), name="attempt_at_run"),
            models.UniqueConstraint(
                fields=["browser", "version"], condition=Q(run__isnull=True), name="attempt_at_version"
            ),
        ]
        indexes = [
            models.Index(fields=["address", "begun_at"]),
            models.Index(fields=["begun_at"], condition=Q(run__isnull=True), name="attempt_without_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id or self.version} by {self.browser[:6]}"


class Response(models.Model):
    """One thing that a browser sent to a question. It is never changed."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        """It chose an option."""
        HINT = "hint"
        """It asked for the next hint."""
        KEY = "key"
        """It asked for the right option."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question = models.PositiveSmallIntegerField()
    """The number of the question in its lesson."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    option = models.PositiveSmallIntegerField(null=True)
    """The index of the option in the lesson's file, for an answer."""
    is_right = models.BooleanField(null=True)
    """Whether that option was the key when it was chosen."""
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
