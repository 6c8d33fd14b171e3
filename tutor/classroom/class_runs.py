"""The runs that a class sees."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from tutor.lessons.lesson import Lesson
from tutor.runs.execution import interventions_of
from tutor.runs.models import Run
from tutor.runs.service import TooManyRuns, enqueue, store_for_class

from .models import Room, Seen
from .state import IDLE
from .turn import Refused


def keep_closed(room: Room) -> None:
    """Keep the runs of a class closed to others for as long as the class can last without another command."""
    if room.ended_at is None:
        Run.objects.filter(seen__room=room).update(closed_until=room.used_at + IDLE)


def run_for(room: Room, lesson: Lesson, case_name: str, *, address: str | None) -> None:
    """Start a run of a case for a class, which then sees it. Raises Refused."""
    case = lesson.case(case_name)
    try:
        room.run = store_for_class(
            lesson,
            lesson.case_knobs(case),
            owner=room.code,
            address=address,
            closed_until=timezone.now() + IDLE,
            interventions=interventions_of(case),
        )
    except TooManyRuns as error:
        raise Refused(str(error)) from error
    Seen.objects.create(room=room, run=room.run, title=case.title if case_name else "")
    transaction.on_commit(partial(enqueue, room.run))
