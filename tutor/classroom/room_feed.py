"""The feed of one page of a room: what it shows, what it lacks, and the text with that."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass

from tutor.live.browser_state import BrowserState
from tutor.live.message import shown
from tutor.live.page_feed import Lack, PageFeed
from tutor.styles.parts import Change
from tutor.styles.rendering import changes_between

from .view import MEMBER, PRESENTER, RoomView


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
        self.sent_at = 0.0
        """When the page was last sent what it lacked, on the monotonic clock."""

    def sent(self) -> None:
        super().sent()
        self.sent_at = time.monotonic()

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
