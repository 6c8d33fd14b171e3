"""Two servers that send one text to all their sockets, to compare the site with.

    python -m tutor.benchmarks.broadcasting bare|group_send PORT TEXT

reads lines from its standard input. At each one it sends the text that the file TEXT then has to every socket, and
prints the monotonic nanosecond before that. First it prints an empty line. `bare` is the broadcast of the websockets
library; `group_send` is Channels' chat as its tutorial writes it, with Daphne. It ends when its input does.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ADDRESS = "127.0.0.1"
KEPT = "TUTOR_KEPT_MESSAGE"
"""The environment variable that names a file in which `member_sockets` keeps the last message."""


def main(kind: str, port: str, path: str) -> None:
    """Serve until the standard input ends."""
    if kind == "bare":
        asyncio.run(bare(port, Path(path)))
    else:
        group_send(port, Path(path))


def on_demand(path: Path, send: Callable[[str], object]) -> None:
    """Call `send` at each line with the text in a file, in a thread."""

    def read() -> None:
        print(flush=True)
        for _ in sys.stdin:
            text = path.read_text(encoding="utf-8")
            moment = time.monotonic_ns()
            send(text)
            print(moment, flush=True)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()


async def bare(port: str, path: Path) -> None:
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    members: set[ServerConnection] = set()
    loop = asyncio.get_running_loop()

    async def member(socket: ServerConnection) -> None:
        members.add(socket)
        async for _ in socket:
            pass

    async with serve(member, ADDRESS, int(port), compression=None, ping_interval=None):
        on_demand(path, lambda text: loop.call_soon_threadsafe(broadcast, members, text))
        await asyncio.Future()


def group_send(port: str, path: Path) -> None:
    import django
    from django.conf import settings

    layers = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.configure(CHANNEL_LAYERS=layers)
    django.setup()
    # Channels reads the settings.
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer
    from daphne.server import Server

    layer: Any = get_channel_layer()
    loops: list[asyncio.AbstractEventLoop] = []

    class Chat(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            loops[:] = [asyncio.get_running_loop()]
            await self.channel_layer.group_add("room", self.channel_name)
            await self.accept()

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard("room", self.channel_name)

        async def step(self, event: dict[str, str]) -> None:
            await self.send(text_data=event["html"])

    def send(text: str) -> None:
        asyncio.run_coroutine_threadsafe(layer.group_send("room", {"type": "step", "html": text}), loops[0])

    on_demand(path, send)
    Server(Chat.as_asgi(), endpoints=[f"tcp:port={port}:interface={ADDRESS}"], verbosity=0).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
