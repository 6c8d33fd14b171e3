"""Where a class stands in its run. Pure.

Playing is a state: from which step, how fast and since when. Every process computes from it where the class is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import Question, Room

IDLE = timedelta(hours=12)
"""After that time without a command a class is over."""
KEPT = timedelta(days=90)
"""How long the page of a class that is over is kept, and what its members sent."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a class stands."""

    step: int
    next_in_s: float | None
    """The seconds until it goes to the next step by itself; None if it stands still."""


def place_of(room: Room, made: int, now: datetime) -> Place:
    """Return where a class stands in a run that has made `made` steps so far."""
    if room.pace is None or room.since is None:
        return Place(min(room.step, made), None)
    gone = (now - room.since).total_seconds() * room.pace
    step, last = room.step + max(0, int(gone)), stop_of(room, made)
    if step >= last:
        return Place(min(last, made), None)
    return Place(step, (step - room.step + 1 - gone) / room.pace)


def stop_of(room: Room, made: int) -> int:
    """Return the step that playing doesn't go past: the last one so far, or that before the answer of a question."""
    question = room.question
    if question and question.answered_in and question.state != Question.State.REVEALED:
        return max(room.step, min(made, question.answered_in - 1))
    return made


def is_over(room: Room, now: datetime) -> bool:
    """Return whether a class has ended, or hasn't been used for so long that it counts as ended."""
    return room.ended_at is not None or room.used_at < now - IDLE
