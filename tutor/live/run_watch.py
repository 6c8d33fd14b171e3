"""The watch of a run: one look, one projection and one rendering for all its pages in this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Set
from contextlib import suppress
from typing import ParamSpec, Protocol, TypeVar

from channels.db import database_sync_to_async

from tutor.runs.models import Run
from tutor.styles.moment import Moment, newest_of

from .fan_out import fan_out
from .message import message
from .page_feed import Lack, PageFeed

LOOK_EVERY_S = 2.0
"""Seconds between two looks at the store without a wake-up, because a channel layer may lose messages."""
BATCH = 50
"""The number of sockets that are sent a text before other work has its turn."""

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)


class Page(Protocol):
    """A socket of a page."""

    feed: PageFeed

    async def give(self, text: str) -> None:
        """Send `text` to the browser."""

    async def fail(self) -> None:
        """Close the socket; the browser reconnects."""


class RunWatch:
    """Looks at one run, and sends each of its pages what the page lacks. It exists as long as the run has pages."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.pages: dict[Page, None] = {}
        """In the order in which they came."""
        self.newest: Moment | None = None
        """The newest moment of the run, as of the last look."""
        self.loop = asyncio.get_running_loop()
        self.woken = asyncio.Event()
        self.next_look = 0.0
        """When to look again, on the clock of the event loop."""
        self.task = self.loop.create_task(self.watch())

    async def join(self, page: Page) -> None:
        """Send `page` what it lacks from now on."""
        is_first = not self.pages
        self.pages[page] = None
        if is_first:
            await fan_out().group_add(self.run.group, self)

    async def leave(self, page: Page) -> None:
        """Send `page` nothing more."""
        self.pages.pop(page, None)
        if not self.pages:
            self.task.cancel()
            if watches.get(self.run.group) is self:
                del watches[self.run.group]
            await fan_out().group_discard(self.run.group, self)

    def wake_up(self) -> None:
        """Look at the run. Several calls before the next look cause one look."""
        self.next_look = 0.0
        self.woken.set()

    def hear(self, page: Page) -> None:
        """Send `page`, which has reported its state, what it lacks; look at the run before if it knows more of it."""
        if self.newest is None or page.feed.is_ahead_of(self.newest):
            self.wake_up()
        elif page.feed.lack(self.newest):
            self.woken.set()

    async def watch(self) -> None:
        """Look and send, at each wake-up, until the last page has left. After an error, the browsers reconnect."""
        try:
            while True:
                await self.until_woken()
                self.woken.clear()
                if self.newest is None or self.loop.time() >= self.next_look:
                    self.next_look = self.loop.time() + LOOK_EVERY_S
                    self.newest = await in_thread(look)(self.run)
                await self.send_to_all(self.newest)
        except Exception:
            logger.exception("The watch of run %s failed", self.run.public_id)
            watches.pop(self.run.group, None)
            for page in tuple(self.pages):
                with suppress(Exception):
                    await page.fail()

    async def until_woken(self) -> None:
        """Wait for a wake-up, or for the next regular look at a run that goes on."""
        has_ended = self.newest is not None and self.newest.trace.ended is not None
        try:
            async with asyncio.timeout_at(None if has_ended or self.newest is None else self.next_look):
                await self.woken.wait()
        except TimeoutError:
            pass

    async def send_to_all(self, newest: Moment) -> None:
        """Send each page what it lacks of `newest`. What several pages lack is rendered once."""
        due = [(page, page.feed.state, lack) for page in self.pages if (lack := page.feed.lack(newest))]
        if not due:
            return
        texts = await in_thread(rendered)(newest, {lack for _, _, lack in due})
        for number, (page, state, lack) in enumerate(due, 1):
            if page in self.pages and page.feed.state is state:
                page.feed.sent()
                await self.send(page, texts[lack])
            if number % BATCH == 0:
                await asyncio.sleep(0)

    async def send(self, page: Page, text: str) -> None:
        try:
            await page.give(text)
        except Exception as error:  # A socket that has just been lost isn't a matter of the others.
            logger.warning("Could not send to a page of run %s: %r", self.run.public_id, error)
            self.pages.pop(page, None)
            with suppress(Exception):
                await page.fail()


watches: dict[str, RunWatch] = {}
"""Group of a run → its watch."""


def watch_of(run: Run) -> RunWatch:
    """Return the watch of `run` on the running event loop. A server has one loop; each test has its own."""
    watch = watches.get(run.group)
    if watch is None or watch.loop is not asyncio.get_running_loop():
        watch = watches[run.group] = RunWatch(run)
    return watch


def in_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Return `function` as a coroutine function. It's executed by several threads, other than the one of all pages."""
    return database_sync_to_async(function, thread_sensitive=False)


def look(run: Run) -> Moment:
    """Return the newest moment of `run`. If nothing is new, that is one query, unless the run waits for a lab."""
    if run.state == Run.State.WAITING:
        run.refresh_from_db()
    return newest_of(run)


def rendered(newest: Moment, lacks: Set[Lack]) -> dict[Lack, str]:
    """Return the text for each of `lacks`."""
    return {each: message(newest, each) for each in lacks}
