"""Deleting quizzes once they are kept no longer, with everything that their students have sent."""

from __future__ import annotations

import atexit
from datetime import datetime

from django.utils import timezone

from tutor.runs.maker import Maker

from .changes import delete
from .models import Assignment
from .timing import KEPT


def delete_old(now: datetime) -> int:
    """Delete the quizzes that have closed so long ago that they are kept no longer; return how many."""
    old = list(Assignment.objects.filter(closes_at__lt=now - KEPT))
    for assignment in old:
        delete(assignment)
    return len(old)


class Forgetter(Maker):
    """Deletes old quizzes every ten minutes."""

    failure = "Could not delete old quizzes"
    look_every_s = 600.0

    def __init__(self) -> None:
        super().__init__("quiz-forgetter")

    def make_one(self) -> bool:
        """Delete all old quizzes. Return False, as none are left."""
        delete_old(timezone.now())
        return False


def start() -> None:
    """Delete old quizzes in the background of the site."""
    forgetter = Forgetter()
    atexit.register(forgetter.stop)
    forgetter.start()
