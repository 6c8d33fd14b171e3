"""How a class is: how many follow, and how many can't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from .models import Lost, Presence, Room

FRESH = timedelta(seconds=10)
"""How long the presence that a process has noted counts."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How many members are connected, how many of them follow, how many of these don't show the step yet, and how many
    are lost at it."""

    here: int
    following: int
    behind: int
    lost: int


def pulse_of(room: Room, step: int) -> Pulse:
    fresh = Presence.objects.filter(room=room, at__gt=timezone.now() - FRESH)
    found = fresh.aggregate(here=Sum("here"), following=Sum("following"), behind=Sum("behind"))
    lost = Lost.objects.filter(room=room, run=room.run, step=step).count()
    return Pulse(found["here"] or 0, found["following"] or 0, found["behind"] or 0, lost)
