"""Deleting quizzes once they are kept no longer, with everything that their students have sent."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from .changes import delete
from .models import Assignment
from .timing import KEPT


def delete_old(now: datetime) -> int:
    """Delete the quizzes that have closed so long ago that they are kept no longer; return how many."""
    old = list(Assignment.objects.filter(closes_at__lt=now - KEPT))
    for assignment in old:
        delete(assignment)
    return len(old)


def forget_old_quizzes() -> None:
    """Delete the quizzes that are kept no longer now."""
    delete_old(timezone.now())
