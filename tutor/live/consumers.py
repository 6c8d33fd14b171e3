"""The consumer of a run's websocket."""

from __future__ import annotations

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
from .run_watch import RunWatch, watch_of_run
from .watch import in_thread

MAX_MESSAGE = 16 * 1024
"""The maximum bytes of a message from a browser; a longer message closes the socket."""
NO_SUCH_RUN, UNSUPPORTED, TOO_BIG, FAILED = 4404, 1003, 1009, 1011
"""Close codes."""

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class RunConsumer(AsyncWebsocketConsumer):
    """Sends what changes in a page: in its navigation and, if it follows the run, in its stage.

    The browser reports the state of its page (`BrowserState`) when the socket opens and when the state changes, also by
    a message, which is how the server knows that the page is ready for the next one.
    """

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one socket. When the connection ends, for whatever reason, leave the watch of its run.

        Channels would also listen to a channel for the socket, and use the one database thread at each message.
        """
        self.scope, self.base_send = scope, send
        self.watch: RunWatch | None = None
        try:
            while True:
                message = await receive()
                await getattr(self, get_handler_name(message))(message)
        except StopConsumer:
            pass
        finally:
            if self.watch:
                await self.watch.leave(self)

    async def connect(self) -> None:
        await self.accept()
        public_id = self.scope["url_route"]["kwargs"].get("public_id", "")
        run = await in_thread(Run.objects.filter(public_id=public_id, is_closed=False).first)()
        if run is None:
            await self.close(NO_SUCH_RUN)
            return
        self.feed = PageFeed(self.style())
        self.watch = watch_of_run(run)
        await self.watch.join(self)

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
        """Send `text` to the browser."""
        await self.send(text_data=text)

    async def fail(self) -> None:
        """Close the socket; the browser reconnects."""
        await self.close(FAILED)
