"""The runs that a class sees."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from tutor.lessons.lesson import Lesson
from tutor.runs.aims import Impossible
from tutor.runs.breaking import TooManyInterventions, interventions_with
from tutor.runs.execution import interventions_of
from tutor.runs.models import Breaking, Run
from tutor.runs.service import TooManyRuns, enqueue, store_for_class
from tutor.trace.chances import Chance
from tutor.trace.model import Trace

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
    title = case.title if case_name else ""
    show(room, lesson, lesson.case_knobs(case), interventions_of(case), title, address=address)


def run_broken(room: Room, lesson: Lesson, step: int, chance: Chance, *, address: str | None) -> None:
    """Start the run of a class once more, with something done to it at a step; the class sees that. Raises Refused."""
    origin = room.run
    assert origin
    try:
        interventions = interventions_with(origin, chance)
    except (TooManyInterventions, Impossible) as error:
        raise Refused(str(error)) from error
    title = f"{chance.title}, step {step}"
    run = show(room, lesson, origin.knobs, interventions, title, address=address)
    Breaking.objects.create(run=run, origin=origin, step=step, is_shown=True)


def loss_of(trace: Trace) -> str:
    """Return why a run was lost: the reason is of the site, not of the lesson. Empty if it wasn't."""
    return trace.ended.reason if trace.ended and trace.ended.outcome == "lost" else ""


def run_again(room: Room, lesson: Lesson, *, address: str | None) -> None:
    """Start a run of a class once more with the same inputs; the class sees that. Raises Refused."""
    before = room.run
    assert before
    title = Seen.objects.get(room=room, run=before).title
    run = show(room, lesson, before.knobs, before.interventions, title, address=address)
    if broken := Breaking.objects.filter(run=before).first():
        Breaking.objects.create(run=run, origin=broken.origin, step=broken.step, is_shown=True)


def show(
    room: Room,
    lesson: Lesson,
    knobs: dict[str, Any],
    interventions: list[dict[str, Any]],
    title: str,
    *,
    address: str | None,
) -> Run:
    """Start a run that a class then sees, and return it. Raises Refused."""
    until = timezone.now() + IDLE
    try:
        room.run = run = store_for_class(
            lesson,
            knobs,
            owner=room.code,
            address=address,
            closed_until=until,
            goes_first=True,
            interventions=interventions,
        )
    except TooManyRuns as error:
        raise Refused(str(error)) from error
    Seen.objects.create(room=room, run=run, title=title)
    transaction.on_commit(partial(enqueue, run))
    return run
