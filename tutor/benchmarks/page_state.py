"""The state of a page that follows a run, without a browser: what it reports over its websocket."""

from __future__ import annotations

import json
import re

STAGE = re.compile(r'id="stage"[^>]*data-step="(\d+)"')
NAV = re.compile(r'id="walk-nav"[^>]*data-made="(\d+)"( data-ended)?[^>]*data-edition="([^"]*)"')


class PageState:
    """What a page shows that follows a run from its start. Its edition is known from its first message on."""

    def __init__(self) -> None:
        self.step = self.made = 0
        self.ended = False
        self.edition = ""

    @property
    def report(self) -> str:
        """The message to the site."""
        return report(self.step, made=self.made, ended=self.ended, edition=self.edition)

    def apply(self, message: str) -> None:
        """Show what a message of the site contains."""
        html = {name: html for _, name, html in json.loads(message)["changes"]}
        if stage := STAGE.search(html.get("stage", "")):
            self.step = int(stage[1])
        if nav := NAV.search(html.get("walk-nav", "")):
            self.made, self.ended, self.edition = int(nav[1]), bool(nav[2]), nav[3]


def report(step: int, *, follow: bool = True, made: int | None = None, ended: bool = False, edition: str = "") -> str:
    """Return the message of a page that shows `step`, which is by default the last one that it knows of."""
    state = {"step": step, "follow": follow, "made": step if made is None else made, "ended": ended}
    return json.dumps({**state, "edition": edition})
