"""The watch of a room."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Set

from tutor.live.browser_state import BrowserState
from tutor.live.watch import Page, Watch, in_thread, watch_of
from tutor.styles.rendering import fragments

from .models import Room
from .presence import PresenceLog
from .room_feed import RoomFeed, RoomLack, text
from .view import RoomView, look_at, next_moment

logger = logging.getLogger(__name__)

ANSWERS_EVERY_S = 1.0
"""How often a presenter sees how many have answered."""
STEPS_EVERY_S = 0.25
"""How often a class sees whether its run has made new steps."""
MOST_LACKS = 1000
"""How many different states of pages are looked up. Who forges one after another fills no memory with them."""
REST_S, LONGEST_WAIT_S = 0.05, 0.5
"""How long a class must be at rest before its next step is rendered, and after how long it is in any case."""


class RoomWatch(Watch[RoomView, RoomLack]):
    """Sends the pages of a room what they lack."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.group)
        self.room = room.pk
        self.presence = PresenceLog(room)
        self.ahead_of: RoomView | None = None
        """What was found by the last look after which the next step is rendered."""
        self.lacks: dict[tuple[BrowserState, str, str, str], RoomLack | None] = {}
        """What a page shows, its role, its style and its secret → what it lacks of `lacks_of`."""
        self.lacks_of: RoomView | None = None
        self.ahead: asyncio.Task[None] | None = None
        self.busy_at = 0.0
        """When pages were last sent something or reported, on the clock of the event loop."""

    def look(self) -> RoomView:
        self.presence.note(page.feed for page in tuple(self.pages))
        return look_at(self.room).prepare({page.feed.role for page in tuple(self.pages)})

    def lack(self, page: Page, newest: RoomView) -> RoomLack | None:
        """Return what a page lacks. Most pages of a class show the same, so what they lack is looked up."""
        feed: RoomFeed = page.feed
        if feed.state is None or feed.is_busy:
            return None
        if newest is not self.lacks_of or len(self.lacks) >= MOST_LACKS:
            self.lacks_of, self.lacks = newest, {}
        key = feed.state, feed.role, feed.style, feed.secret
        if key not in self.lacks:
            self.lacks[key] = feed.lack_of(newest)
        return self.lacks[key]

    def is_behind(self, page: Page, newest: RoomView) -> bool:
        return page.feed.role not in newest.editions

    def texts(self, newest: RoomView, lacks: Set[RoomLack]) -> Mapping[RoomLack, str]:
        return {each: text(newest, each) for each in lacks}

    def hear(self, page: Page) -> None:
        self.busy_at = self.loop.time()
        super().hear(page)

    async def send_to(self, pages: Iterable[Page], newest: RoomView) -> None:
        """Send what they lack; after that, render the next step, so that a class gets it without waiting for that."""
        await super().send_to(pages, newest)
        self.busy_at = self.loop.time()
        if newest is not self.ahead_of:
            self.ahead_of = newest
            if self.ahead:
                self.ahead.cancel()
            self.ahead = self.loop.create_task(self.render_ahead(newest))

    async def render_ahead(self, newest: RoomView) -> None:
        """Render the next step once no page has reported for a moment.

        Rendering takes the interpreter from the event loop for some milliseconds each time, and the last pages would
        get this step later.
        """
        until = self.loop.time() + LONGEST_WAIT_S
        while self.loop.time() < min(self.busy_at + REST_S, until):
            await asyncio.sleep(REST_S / 2)
        await in_thread(render_ahead)(newest)

    def changes_in(self, newest: RoomView) -> float | None:
        if newest.is_over:
            return None
        regular = super().changes_in(newest)
        live = STEPS_EVERY_S if newest.newest.trace.ended is None else None
        own = newest.place.next_in_s, ANSWERS_EVERY_S if newest.room.question else None, live
        return min(each for each in (regular, *own) if each is not None)


def render_ahead(view: RoomView) -> None:
    """Render the step that a presenter most often goes to next. The parts are kept, as all are."""
    if moment := next_moment(view):
        try:
            fragments(moment)
        except Exception:  # It may never be shown.
            logger.exception("Could not render the next step")


def watch_of_room(room: Room) -> RoomWatch:
    """Return the watch of `room` on the running event loop."""
    return watch_of(room.group, lambda: RoomWatch(room))
