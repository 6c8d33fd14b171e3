"""The consumer of a run's websocket."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import QueryDict

from tutor.runs.models import Run
from tutor.styles.moment import STEP_BY_STEP
from tutor.styles.registry import styles

from .browser_state import BrowserState
from .fan_out import fan_out
from .page_feed import PageFeed

MAX_MESSAGE = 16 * 1024
"""The maximum bytes of a message from a browser; a longer message closes the socket."""
LOOK_EVERY_S = 2.0
"""Seconds between two reads of the store without a wake-up, because a channel layer may lose messages."""
NO_SUCH_RUN, UNSUPPORTED, TOO_BIG, FAILED = 4404, 1003, 1009, 1011
"""Close codes."""

logger = logging.getLogger(__name__)


class RunConsumer(AsyncWebsocketConsumer):
    """Sends `#walk-nav` when the run has changed, and `#stage` as well to a page that follows the run.

    The browser reports the state of its page (`BrowserState`) when the socket opens and when the state changes.
    """

    async def __call__(self, *connection: Any) -> None:
        """Serve one socket. When the connection ends, for whatever reason, cancel its tasks and leave its group."""
        self.group = ""
        self.tasks: list[asyncio.Task[None]] = []
        try:
            await super().__call__(*connection)
        finally:
            for task in self.tasks:
                task.cancel()
            if self.group:
                await fan_out().group_discard(self.group, self)

    async def connect(self) -> None:
        await self.accept()
        try:
            self.run = await Run.objects.aget(public_id=self.scope["url_route"]["kwargs"].get("public_id", ""))
        except Run.DoesNotExist:
            await self.close(NO_SUCH_RUN)
            return
        self.feed = PageFeed(self.run, self.style())
        self.woken = asyncio.Event()
        self.group = self.run.group
        await fan_out().group_add(self.group, self)
        self.tasks = [asyncio.create_task(self.send_news()), asyncio.create_task(self.look_regularly())]

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
        self.feed.report(state)
        self.wake_up()

    def wake_up(self) -> None:
        """Check for changes. Several calls before the next check cause one check."""
        self.woken.set()

    async def send_news(self) -> None:
        """Send the fragments that the page lacks, at each wake-up. After an error, the browser reconnects."""
        try:
            while True:
                await self.woken.wait()
                self.woken.clear()
                if news := await database_sync_to_async(self.feed.missing_fragments)():
                    await self.send(text_data=news)
        except Exception:
            logger.exception("The socket of run %s failed", self.run.public_id)
            await self.close(FAILED)

    async def look_regularly(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self.run.state == Run.State.ENDED:
                return
            self.wake_up()
