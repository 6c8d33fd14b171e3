"""The consumers of the websockets of pages."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import QueryDict

from tutor.runs.models import Run
from tutor.styles.moment import STEP_BY_STEP
from tutor.styles.registry import styles

from .browser_state import BrowserState
from .page_feed import PageFeed
from .run_watch import watch_of_run
from .watch import Watch, in_thread

MAX_MESSAGE = 16 * 1024
"""The maximum bytes of a message from a browser; a longer message closes the socket."""
NOTHING_THERE, UNSUPPORTED, TOO_BIG, FAILED = 4404, 4003, 4009, 4011
"""Close codes. Only 1000 and those from 3000 to 4999 are an application's. After `FAILED`, the page connects again."""

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class PageConsumer(AsyncWebsocketConsumer, ABC):
    """Sends what changes in a page.

    The browser reports the state of its page (`BrowserState`) when the socket opens and when the state changes, also by
    a message, which is how the server knows that the page is ready for the next one.
    """

    feed: PageFeed

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one socket. When the connection ends, for whatever reason, leave the watch.

        Channels would also listen to a channel for the socket, and use the one database thread at each message.
        """
        self.scope, self.base_send = scope, send
        self.watch: Watch[Any, Any] | None = None
        try:
            while True:
                message = await receive()
                await getattr(self, get_handler_name(message))(message)
        except StopConsumer:
            pass
        finally:
            if self.watch:
                await self.watch.leave(self)

    @abstractmethod
    async def watched(self) -> Watch[Any, Any] | None:
        """Return the watch of what the page looks at, and set `feed`; None if there is no such thing."""

    async def connect(self) -> None:
        """Accept the socket once it gets news. If it can't, refuse it: the page tries again, ever more rarely."""
        try:
            self.watch = await self.watched()
            if self.watch:
                await self.watch.join(self)
        except Exception as error:
            logger.warning("Refused a socket, as its news can't be had: %r", error)
            await self.fail()
            raise StopConsumer from error
        await self.accept()
        if self.watch is None:
            await self.close(NOTHING_THERE)

    def argument(self, name: str) -> str:
        """Return the part of the address with that name; "" if it has none."""
        return str(self.scope["url_route"]["kwargs"].get(name, ""))

    def style(self) -> str:
        """Return the name of the style that the page shows, from `?style=`."""
        name = QueryDict(self.scope["query_string"]).get("style", "")
        return name if name in styles() else STEP_BY_STEP

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len((text_data or "").encode() or bytes_data or b"") > MAX_MESSAGE:
            await self.close(TOO_BIG)
            return
        try:
            state = BrowserState.from_message(text_data)
        except ValueError:
            await self.close(UNSUPPORTED)
            return
        if self.watch:
            self.feed.report(state)
            self.watch.hear(self)

    async def give(self, text: str) -> None:
        """Send `text` to the browser, past the layers of Channels, as a class gets it socket by socket."""
        await self.base_send({"type": "websocket.send", "text": text})

    async def fail(self) -> None:
        """Close the socket; the browser reconnects."""
        await self.close(FAILED)


class RunConsumer(PageConsumer):
    """Sends what changes in a run's page: in its navigation and, if it follows the run, in its stage."""

    async def watched(self) -> Watch[Any, Any] | None:
        """Return the watch of the run with the public id in the address."""
        run = await in_thread(Run.objects.filter(public_id=self.argument("public_id")).first)()
        if run is None or run.is_closed:
            return None
        self.feed = PageFeed(self.style())
        return watch_of_run(run)
