"""Deleting what members sent: that of one or of all on request, and all of a class once it is kept no longer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tutor.runs.writing import writing

from .models import Room
from .poll import counts_of
from .rooms import member_of
from .state import KEPT
from .tickets import counts_in, ticket_of


def forget(room: Room, browser: str) -> None:
    """Delete the name and the answers of a member. They don't count any more."""
    if member := member_of(room, browser):
        with writing:
            member.delete()


def forget_all(room: Room) -> None:
    """Delete the names and the single answers of a class that is over. How many chose each option stays."""
    with writing, transaction.atomic():
        for question in room.questions.all():
            question.tally = {str(round): counts for round, counts in enumerate(counts_of(question), 1)}
            question.save()
        if ticket := ticket_of(room):
            ticket.tally = counts_in(ticket)
            ticket.save()
        room.lost.update(member=None)
        room.members.all().delete()


def forget_old_classes() -> None:
    """Delete the classes that are kept no longer, with everything that their members sent."""
    with writing:
        Room.objects.filter(used_at__lt=timezone.now() - KEPT).delete()
