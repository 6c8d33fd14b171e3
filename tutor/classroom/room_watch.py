"""The watch of a room, and the feed of each of its pages."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Mapping, Set
from dataclasses import asdict, dataclass

from django.db import DatabaseError

from tutor.live.browser_state import BrowserState
from tutor.live.message import shown
from tutor.live.page_feed import Lack, PageFeed
from tutor.live.watch import Page, Watch, in_thread, watch_of
from tutor.runs.writing import writing
from tutor.styles.parts import Change
from tutor.styles.rendering import changes_between, fragments

from .models import Presence, Room
from .view import MEMBER, PRESENTER, RoomView, look_at, next_moment

logger = logging.getLogger(__name__)

ANSWERS_EVERY_S = 1.0
"""How often a presenter sees how many have answered."""
STEPS_EVERY_S = 0.25
"""How often a class sees whether its run has made new steps."""
PRESENCE_EVERY_S, SAME_PRESENCE_EVERY_S = 1.0, 3.0
"""How often a process notes presence that has changed, and presence that hasn't."""
PROCESS = f"{os.uname().nodename}-{os.getpid()}"[-40:]
"""Identifies this process among those that note presence."""


@dataclass(frozen=True, slots=True)
class RoomLack:
    """What a page of a room lacks. Pages that lack the same get the same text."""

    role: str
    stage: Lack
    is_behind: bool
    """Whether it lacks the step, and not only what is about the room."""


class RoomFeed(PageFeed):
    """The state of one page of a room."""

    def __init__(self, style: str, role: str, secret: str = "") -> None:
        super().__init__(style)
        self.role, self.secret = role, secret

    def lack_of(self, view: RoomView) -> RoomLack | None:
        """Return what the page lacks of a class as it is now; None if it lacks nothing, or is busy."""
        if self.state is None or self.is_busy or self.role not in view.editions:
            return None
        if self.role != MEMBER and self.secret != view.room.secret:  # The seat was handed over.
            return None
        stage = self.lack(view.moment) if self.has_stage(view) else None
        if stage is None and self.state.room == view.editions[self.role]:
            return None
        return RoomLack(self.role, stage or Lack(self.style, self.state, self.state.step), stage is not None)

    def has_stage(self, view: RoomView) -> bool:
        """Return whether the page shows the step in its style: a presenter's page is loaded again in another one."""
        return self.role == MEMBER or (self.role == PRESENTER and self.style == view.room.style)


class RoomWatch(Watch[RoomView, RoomLack]):
    """Sends the pages of a room what they lack."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.group)
        self.room = room.pk
        self.noted: tuple[int, int] | None = None
        self.noted_at = 0.0
        self.ahead_of: RoomView | None = None
        """What was found by the last look after which the next step was rendered."""

    def look(self) -> RoomView:
        self.note_presence()
        return look_at(self.room).prepare({page.feed.role for page in tuple(self.pages)})

    def lack(self, page: Page, newest: RoomView) -> RoomLack | None:
        lack: RoomLack | None = page.feed.lack_of(newest)
        return lack

    def is_behind(self, page: Page, newest: RoomView) -> bool:
        return page.feed.role not in newest.editions

    def texts(self, newest: RoomView, lacks: Set[RoomLack]) -> Mapping[RoomLack, str]:
        return {each: text(newest, each) for each in lacks}

    async def send_to(self, pages: Iterable[Page], newest: RoomView) -> None:
        """Send what they lack; then render the next step, so that a class gets it without waiting for that."""
        await super().send_to(pages, newest)
        if newest is not self.ahead_of:
            self.ahead_of = newest
            await in_thread(render_ahead)(newest)

    def changes_in(self, newest: RoomView) -> float | None:
        if newest.is_over:
            return None
        regular = super().changes_in(newest)
        live = STEPS_EVERY_S if newest.newest.trace.ended is None else None
        own = newest.place.next_in_s, ANSWERS_EVERY_S if newest.room.question else None, live
        return min(each for each in (regular, *own) if each is not None)

    def note_presence(self) -> None:
        """Note how many members this process is connected with: rarely, and without any only if that is new."""
        states = [page.feed.state for page in tuple(self.pages) if page.feed.role == MEMBER]
        now = len(states), sum(state is not None and state.follow for state in states)
        every = SAME_PRESENCE_EVERY_S if now == self.noted else PRESENCE_EVERY_S
        if self.noted_at + every > time.monotonic() or (now == self.noted and not any(now)):
            return
        presence = Presence(room_id=self.room, process=PROCESS, here=now[0], following=now[1])
        self.noted_at = time.monotonic()
        try:
            with writing:
                Presence.objects.bulk_create(
                    [presence],
                    update_conflicts=True,
                    unique_fields=["room", "process"],
                    update_fields=["here", "following", "at"],
                )
        except DatabaseError:  # A class goes on while its store can only be read.
            logger.exception("Could not note presence")
        else:
            self.noted = now


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


def text(view: RoomView, lack: RoomLack) -> str:
    """Return what a page lacks: an object with the keys `from` and `changes`; see `tutor.live.message`."""
    found = {"from": asdict(lack.stage.shown), "changes": changes(view, lack)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def changes(view: RoomView, lack: RoomLack) -> list[Change]:
    found: list[Change] = []
    if lack.is_behind:
        after = view.moment.at(lack.stage.step, lack.stage.style)
        found += changes_between(shown(view.moment, lack.stage), after)
    if lack.stage.shown.room != view.editions[lack.role]:
        found.append(("replace", "room", view.html(lack.role)))
    return found


def text_for(view: RoomView, role: str, style: str, state: BrowserState) -> str | None:
    """Return what a page that asks by itself lacks; None if it lacks nothing."""
    feed = RoomFeed(style, role)
    feed.report(state)
    lack = feed.lack_of(view)
    return text(view, lack) if lack else None
