"""A watch: one look, one projection and one rendering for all pages in this process that look at the same thing."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Set
from contextlib import suppress
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from channels.db import database_sync_to_async
from django.db import DatabaseError

from .browser_state import BrowserState
from .fan_out import fan_out

LOOK_EVERY_S = 2.0
"""Seconds between two looks at the store without a wake-up, because a channel layer may lose messages."""
BATCH = 500
"""The number of sockets that are sent a text before other work has its turn, such as reading what the first of them
report. It takes some 10 ms."""

P = ParamSpec("P")
R = TypeVar("R")
Seen = TypeVar("Seen")
"""What a look finds."""
Lacks = TypeVar("Lacks", bound=Hashable)
"""What a page lacks of it. Pages that lack the same get the same text."""

logger = logging.getLogger(__name__)


class Feed(Protocol):
    """What is known of a page; see `PageFeed`."""

    state: BrowserState | None

    def sent(self) -> None:
        """Record that the page was sent what it lacked."""


class Page(Protocol):
    """A socket of a page."""

    feed: Any

    async def give(self, text: str) -> None:
        """Send `text` to the browser."""

    async def fail(self) -> None:
        """Close the socket; the browser reconnects."""


class Watch(ABC, Generic[Seen, Lacks]):
    """Looks at one thing, and sends each of its pages what the page lacks. It exists as long as it has pages."""

    log_fields: Mapping[str, str] = {}
    """Fields that its records in the log have, such as the run that they are about."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.pages: dict[Page, None] = {}
        """In the order in which they came."""
        self.heard: dict[Page, None] = {}
        """Those that lack something by what they have reported since they were last sent something."""
        self.newest: Seen | None = None
        """What the last look has found."""
        self.loop = asyncio.get_running_loop()
        self.woken = asyncio.Event()
        self.next_look = 0.0
        """When to look again, on the clock of the event loop."""
        self.task = self.loop.create_task(self.watch())

    @abstractmethod
    def look(self) -> Seen:
        """Return how the thing is now. Called in a thread."""

    @abstractmethod
    def lack(self, page: Page, newest: Seen) -> Lacks | None:
        """Return what a page lacks of `newest`; None if it lacks nothing, or can't be sent anything now."""

    @abstractmethod
    def texts(self, newest: Seen, lacks: Set[Lacks]) -> Mapping[Lacks, str]:
        """Return the text for each of `lacks`. Called in a thread."""

    @abstractmethod
    def is_behind(self, page: Page, newest: Seen) -> bool:
        """Return whether a page knows more than `newest`, as it was loaded later."""

    def changes_in(self, newest: Seen) -> float | None:
        """Return the seconds after which to look again without a wake-up; None for never."""
        return LOOK_EVERY_S

    async def join(self, page: Page) -> None:
        """Send `page` what it lacks from now on."""
        is_first = not self.pages
        self.pages[page] = None
        if is_first:
            await fan_out().group_add(self.group, self)

    async def leave(self, page: Page) -> None:
        """Send `page` nothing more."""
        self.pages.pop(page, None)
        if not self.pages:
            self.task.cancel()
            if watches.get(self.group) is self:
                del watches[self.group]
            await fan_out().group_discard(self.group, self)

    def wake_up(self) -> None:
        """Look again. Several calls before the next look cause one look."""
        self.next_look = 0.0
        self.woken.set()

    def hear(self, page: Page) -> None:
        """Send `page`, which has reported its state, what it lacks; look again before if it knows more."""
        if self.newest is None or self.is_behind(page, self.newest):
            self.wake_up()
        elif self.lack(page, self.newest):
            self.heard[page] = None
            self.woken.set()

    async def watch(self) -> None:
        """Look and send, at each wake-up, until the last page has left. After an error, the browsers reconnect."""
        try:
            while True:
                await self.until_woken()
                self.woken.clear()
                due, self.heard = self.heard, {}
                if self.newest is None or self.loop.time() >= self.next_look:
                    began = self.loop.time()
                    self.next_look = began + LOOK_EVERY_S  # A wake-up during the look sets it to now.
                    self.newest = await in_thread(self.look)()
                    if self.next_look and (seconds := self.changes_in(self.newest)) is not None:
                        self.next_look = began + seconds
                    due = self.pages
                await self.send_to(due, self.newest)
        except Exception as error:
            is_store = isinstance(error, DatabaseError)  # It may be back soon, and each page logs a line then.
            told = None if is_store else error
            logger.warning("The watch of %s failed: %r", self.group, error, exc_info=told, extra=self.log_fields)
            watches.pop(self.group, None)
            for page in tuple(self.pages):
                with suppress(Exception):
                    await page.fail()

    async def until_woken(self) -> None:
        """Wait for a wake-up, or for the next regular look."""
        is_at_rest = self.newest is None or self.changes_in(self.newest) is None
        try:
            async with asyncio.timeout_at(None if is_at_rest else self.next_look):
                await self.woken.wait()
        except TimeoutError:
            pass

    async def send_to(self, pages: Iterable[Page], newest: Seen) -> None:
        """Send each of `pages` what it lacks of `newest`. What several pages lack is rendered once."""
        due: dict[Lacks, list[tuple[Page, BrowserState | None]]] = {}
        for page in pages:
            if lack := self.lack(page, newest):
                due.setdefault(lack, []).append((page, page.feed.state))
        if not due:
            return
        texts = await in_thread(self.texts)(newest, due.keys())
        sends = ((page, state, texts[lack]) for lack, lacking in due.items() for page, state in lacking)
        for number, (page, state, text) in enumerate(sends, 1):
            if page in self.pages and page.feed.state is state:
                page.feed.sent()
                await self.send(page, text)
            if number % BATCH == 0:
                await asyncio.sleep(0)

    async def send(self, page: Page, text: str) -> None:
        try:
            await page.give(text)
        except Exception as error:  # A socket that has just been lost isn't a matter of the others.
            logger.warning("Could not send to a page of %s: %r", self.group, error, extra=self.log_fields)
            self.pages.pop(page, None)
            with suppress(Exception):
                await page.fail()


watches: dict[str, Watch[Any, Any]] = {}
"""Group → its watch."""
AnyWatch = TypeVar("AnyWatch", bound=Watch[Any, Any])


def watch_of(group: str, new: Callable[[], AnyWatch]) -> AnyWatch:
    """Return the watch of a group on the running event loop, which `new` makes if there is none.

    A server has one loop; each test has its own.
    """
    watch: Any = watches.get(group)
    if watch is None or watch.loop is not asyncio.get_running_loop():
        watch = watches[group] = new()
    return watch


def in_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Return `function` as a coroutine function. It's executed by several threads, other than the one of all pages."""
    return database_sync_to_async(function, thread_sensitive=False)
