"""The watch of an assignment: its results are computed and rendered once for all open pages of its teacher."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from tutor.live.consumers import NOTHING_THERE, PageConsumer
from tutor.live.watch import Page, Watch, in_thread, watch_of

from .models import Assignment
from .results import results_of
from .timing import has_closed

MOST_PAGES = 20
"""The number of pages of one assignment that are kept up to date."""
LONGEST_TEXT = 1024
LEAST_S = 1.0
"""The seconds between two looks at the results, however many answers come: each look counts all of them."""


class ResultsFeed:
    """What a page shows."""

    state = None

    def __init__(self) -> None:
        self.is_open = False
        """Whether its socket is accepted."""
        self.shown = ""
        self.next = ""

    def sent(self) -> None:
        """Record that the page was sent what it lacked."""
        self.shown = self.next


class ResultsWatch(Watch[str, str]):
    """Sends pages the results whenever they have changed."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__(assignment.group)
        self.pk = assignment.pk
        self.looks_at = 0.0
        """When the next look may be, on the clock of the event loop."""
        self.waiting = False

    def wake_up(self) -> None:
        """Look again, `LEAST_S` after the look before. Wake-ups until then cause one look."""
        if not self.waiting:
            self.waiting = True
            self.loop.call_at(self.looks_at, self.look_now)

    def look_now(self) -> None:
        self.waiting, self.looks_at = False, self.loop.time() + LEAST_S
        super().wake_up()

    def look(self) -> str:
        """Return the results as HTML."""
        return results_html(Assignment.objects.get(pk=self.pk))

    def lack(self, page: Page, newest: str) -> str | None:
        page.feed.next = newest
        return newest if page.feed.is_open and newest != page.feed.shown else None

    def texts(self, newest: str, lacks: Set[str]) -> Mapping[str, str]:
        return {each: each for each in lacks}

    def is_behind(self, page: Page, newest: str) -> bool:
        return False


def results_html(assignment: Assignment) -> str:
    is_over = has_closed(assignment, timezone.now())
    names = {"assignment": assignment, "results": results_of(assignment), "is_over": is_over, "is_live": True}
    return render_to_string("assignments/results.html", names)


class TooManyPages(Exception):
    """An assignment has as many pages as are kept up to date."""


class ResultsConsumer(PageConsumer):
    """The websocket of a teacher's page. What the page sends is ignored."""

    feed: Any

    async def watched(self) -> ResultsWatch | None:
        """Return the watch of the assignment with the secret in the address. Raises TooManyPages."""
        found = await in_thread(Assignment.objects.filter(secret=self.argument("secret")).first)()
        if found is None:
            return None
        watch = watch_of(found.group, lambda: ResultsWatch(found))
        if len(watch.pages) >= MOST_PAGES:
            raise TooManyPages
        self.feed = ResultsFeed()
        return watch

    async def connect(self) -> None:
        await super().connect()
        if self.watch:
            self.feed.is_open = True
            self.watch.wake_up()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > LONGEST_TEXT:
            await self.close(NOTHING_THERE)
