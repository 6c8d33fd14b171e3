"""The commands of a presenter, one at a time.

Each has an id of its device and the number of the last command that the device knew. The first of two that know the
same one is carried out, and the other is refused; one that is sent again gets the answer that it got before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from tutor.runs.writing import writing

from .class_runs import keep_closed
from .command_kinds import KINDS
from .models import Command, Room
from .signals import room_changed
from .state import is_over
from .turn import NUMBER, Malformed, Over, Refused, Turn

KEY = re.compile(r"[\w-]{8,36}", re.ASCII)
MOST_COMMANDS = 5000
"""The number of commands of a room."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as a form sends it."""

    key: str
    saw: str
    """The number of the last command that its device knew."""
    kind: str
    detail: Mapping[str, str]


def carry_out(secret: str, sent: Sent, address: str | None) -> Room:
    """Carry out a command in the room of a secret, or find that it already was; return the room.

    When this returns, it is committed. Raises Refused, and Room.DoesNotExist.
    """
    if not KEY.fullmatch(sent.key) or sent.kind not in KINDS or not NUMBER.fullmatch(sent.saw):
        raise Malformed("This isn’t a command of this page. Load the page again.")
    with writing, transaction.atomic():
        room = (
            Room.objects.select_for_update(of=("self",), no_key=True)
            .select_related("run", "question", "lecture")
            .get(secret=secret)
        )
        if room.commands.filter(key=sent.key).exists():
            return room
        check(room, sent)
        turn = Turn(room, sent.detail, timezone.now(), address)
        if room.pace is not None:  # It has gone on since the last command.
            turn.note_seen()
        KINDS[sent.kind](turn)
        turn.note_seen()
        room.number += 1
        room.used_at = turn.now
        room.save()
        keep_closed(room)
        Command.objects.create(
            room=room, number=room.number, key=sent.key, kind=sent.kind, detail=turn.record, at=turn.now
        )
        transaction.on_commit(partial(room_changed.send, sender=Room, room=room))
    return room


def check(room: Room, sent: Sent) -> None:
    """Raise Refused if a command can't be carried out now, whatever it is."""
    if is_over(room, timezone.now()):
        raise Over("This class has ended.")
    if int(sent.saw) != room.number:
        raise Refused("Another device was faster. This page now shows what it did; press again if you still want to.")
    if room.number >= MOST_COMMANDS:
        raise Refused("This class has had all the commands that a class can have. Open another one.")
