"""The consumers of a room's websockets: of its members, and of its presenter's devices."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from tutor.live.consumers import PageConsumer
from tutor.live.watch import Watch, in_thread
from tutor.styles.moment import STEP_BY_STEP

from .asking import class_style
from .lookup import TooManyGuesses, room_of_socket
from .models import Room
from .room_feed import RoomFeed
from .room_watch import watch_of_room
from .state import is_over
from .view import MEMBER, PRESENTER, REMOTE


class MemberConsumer(PageConsumer):
    """Sends what changes on a member's page."""

    async def watched(self) -> Watch[Any, Any] | None:
        """Return the watch of the room with the code in the address."""
        try:
            room = await in_thread(room_of_socket)(self.scope, self.argument("code"))
        except TooManyGuesses:
            return None
        return self.watch_of(room, MEMBER)

    def style(self) -> str:
        return class_style(super().style()) or STEP_BY_STEP

    def watch_of(self, room: Room | None, role: str) -> Watch[Any, Any] | None:
        if room is None or is_over(room, timezone.now()):
            return None
        self.feed = RoomFeed(self.style(), role, room.secret)
        return watch_of_room(room)


class PresenterConsumer(MemberConsumer):
    """Sends what changes on a presenter's page, or with `?remote=1` on a remote."""

    async def watched(self) -> Watch[Any, Any] | None:
        """Return the watch of the room with the secret in the address."""
        is_remote = "remote" in QueryDict(self.scope["query_string"])
        room = await in_thread(Room.objects.filter(secret=self.argument("secret")).first)()
        return self.watch_of(room, REMOTE if is_remote else PRESENTER)
