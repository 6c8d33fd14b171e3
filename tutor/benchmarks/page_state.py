"""The state of a page that follows a run or a class, without a browser: what it reports over its websocket."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

STAGE = re.compile(r'id="stage"[^>]*data-step="(\d+)"')
NAV = re.compile(r'id="walk-nav"[^>]*data-made="(\d+)"( data-ended)?[^>]*data-edition="([^"]*)"')
ROOM = re.compile(r'id="room"[^>]*data-room="([^"]*)"')

Found = tuple[re.Match[str] | None, ...]


class PageState:
    """What a page shows that follows a run from its start. Its edition is known from its first message on."""

    def __init__(self) -> None:
        self.step = self.made = 0
        self.ended = False
        self.edition = self.room = ""

    @property
    def report(self) -> str:
        """The message to the site."""
        return report(self.step, made=self.made, ended=self.ended, edition=self.edition, room=self.room)

    def apply(self, message: str | bytes) -> None:
        """Show what a message of the site contains."""
        stage, nav, room = found_in(message)
        if stage:
            self.step = int(stage[1])
        if nav:
            self.made, self.ended, self.edition = int(nav[1]), bool(nav[2]), nav[3]
        if room:
            self.room = room[1]


def found_in(message: str | bytes) -> Found:
    """Return what a message says of the stage, the navigation and the room.

    Many pages get the same one after each other; to compare takes less than to look it up.
    """
    if message != latest[0]:
        html = {name: html for _, name, html in json.loads(message)["changes"]}
        names = ((STAGE, "stage"), (NAV, "walk-nav"), (ROOM, "room"))
        latest[:] = message, tuple(pattern.search(html.get(name, "")) for pattern, name in names)
    found: Found = latest[1]
    return found


latest: list[Any] = ["", (None, None, None)]
"""The last message that a page has got, and what is found in it."""


@lru_cache(maxsize=16)
def report(
    step: int,
    *,
    follow: bool = True,
    made: int | None = None,
    ended: bool = False,
    edition: str = "",
    room: str = "",
) -> str:
    """Return the message of a page that shows `step`, which is by default the last one that it knows of."""
    state = {"step": step, "follow": follow, "made": step if made is None else made, "ended": ended}
    return json.dumps({**state, "edition": edition, "room": room})
