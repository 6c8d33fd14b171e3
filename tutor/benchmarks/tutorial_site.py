"""The site with members' sockets as in Channels' tutorial, to compare the site's own with.

    python -m tutor.benchmarks.tutorial_site PORT

Each socket is a member of a group. A command is stored as on the site, its text is rendered once, in the same thread,
and `group_send` hands it to the consumers, which send it by Daphne as it is. They ignore what pages report.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from tutor import serve

from .page_state import PageState

UNLIMITED = 0
"""For Daphne. Its own sockets wouldn't send a longer message either; a step has up to some 80 kB."""


def main(port: str) -> None:
    """Serve the site until SIGTERM."""
    serve.prepare()
    join_groups()
    serve.LONGEST_MESSAGE = UNLIMITED
    serve.serve(port)


def join_groups() -> None:
    """Replace the sockets of members."""
    # Modules that need models can only be imported after django.setup().
    from asgiref.sync import sync_to_async
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer
    from daphne.server import Server
    from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
    from django.urls import path

    from tutor.asgi import sockets
    from tutor.classroom.models import Room
    from tutor.classroom.room_feed import text_for
    from tutor.classroom.signals import room_changed
    from tutor.classroom.view import MEMBER, look_at
    from tutor.daphne import CommandLine
    from tutor.live.browser_state import BrowserState

    layer: Any = get_channel_layer()
    loops: list[asyncio.AbstractEventLoop] = []
    shown = PageState()
    """What all pages show."""

    def text(room: Room, page: PageState) -> str:
        state = BrowserState.from_message(page.report)
        return text_for(look_at(room.pk).prepare([MEMBER]), MEMBER, room.style, state) or ""

    class Chat(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            loops[:] = [asyncio.get_running_loop()]
            room = await Room.objects.aget(code=self.scope["url_route"]["kwargs"]["code"])
            await self.channel_layer.group_add(room.code, self.channel_name)
            await self.accept()
            first = await sync_to_async(text)(room, PageState())
            shown.apply(first)
            await self.send(text_data=first)

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard(self.scope["url_route"]["kwargs"]["code"], self.channel_name)

        async def step(self, event: dict[str, str]) -> None:
            await self.send(text_data=event["text"])

    def tell(room: Room, **signal: Any) -> None:
        if not loops:
            return
        new = text(room, shown)
        shown.apply(new)
        asyncio.run_coroutine_threadsafe(layer.group_send(room.code, {"type": "step", "text": new}), loops[0])

    CommandLine.server_class, WebSocketFactory.protocol = Server, WebSocketProtocol
    room_changed.connect(tell, weak=False)
    sockets.routes.insert(0, path("ws/rooms/<slug:code>/", Chat.as_asgi()))


if __name__ == "__main__":
    main(sys.argv[1])
