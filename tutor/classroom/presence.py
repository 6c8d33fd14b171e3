"""Presence: how many members this process is connected with, as its sockets note it for all processes."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from typing import NamedTuple

from django.db import DatabaseError

from tutor.runs.writing import writing

from .models import Presence, Room
from .room_feed import RoomFeed
from .view import MEMBER

logger = logging.getLogger(__name__)

EVERY_S, SAME_EVERY_S = 1.0, 3.0
"""How often a process notes presence that has changed, and presence that hasn't."""
BEHIND_AFTER_S = 1.0
"""How long a page may take to show what it was sent. A fast one on a fast line reports within a tenth of that."""
PROCESS = f"{os.uname().nodename}-{os.getpid()}"[-40:]
"""Identifies this process among those that note presence."""


class Counts(NamedTuple):
    """How many members are connected with this process."""

    here: int
    following: int
    behind: int
    """How many of those that follow were sent something a while ago, and haven't reported that they show it."""


class PresenceLog:
    """What this process has noted of a room."""

    def __init__(self, room: Room) -> None:
        self.room = room.pk
        self.noted: Counts | None = None
        self.noted_at = 0.0

    def note(self, feeds: Iterable[RoomFeed]) -> None:
        """Note how many members have these feeds: rarely, and that there are none only if that is new."""
        now = counted(feeds)
        every = SAME_EVERY_S if now == self.noted else EVERY_S
        if self.noted_at + every > time.monotonic() or (now == self.noted and not any(now)):
            return
        self.noted_at = time.monotonic()
        try:
            self.store(now)
        except DatabaseError:  # A class goes on while its store can only be read.
            logger.exception("Could not note presence")
        else:
            self.noted = now

    def store(self, now: Counts) -> None:
        with writing:
            Presence.objects.bulk_create(
                [Presence(room_id=self.room, process=PROCESS, **now._asdict())],
                update_conflicts=True,
                unique_fields=["room", "process"],
                update_fields=[*now._fields, "at"],
            )


def counted(feeds: Iterable[RoomFeed]) -> Counts:
    """Return how the members are whose feeds these are."""
    members = [feed for feed in feeds if feed.role == MEMBER]
    following = [feed for feed in members if feed.state and feed.state.follow]
    long_ago = time.monotonic() - BEHIND_AFTER_S
    behind = sum(feed.is_busy and feed.sent_at < long_ago for feed in following)
    return Counts(len(members), len(following), behind)
