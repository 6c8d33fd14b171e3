"""Who watches which run: one group membership a process, fanned out to the process's own sockets.

A message of the channel layer only says "look again"; it may come late, twice or never. What there is to see is read
from the store. A group with every socket of a class in it is slow (each `group_send` visits each member) and drops at
100 waiting messages; one channel a process does neither.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

from channels.layers import get_channel_layer

from tutor.runs.models import Run

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    def look(self) -> None:
        """See whether there is something new; called on the event loop, returns at once."""


class Switchboard:
    """The watchers of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.layer: Any = get_channel_layer()
        self.watchers: dict[str, set[Watcher]] = {}
        self.channel: str | None = None

    async def join(self, group: str, watcher: Watcher) -> None:
        if self.channel is None:
            self.channel = await self.layer.new_channel("watching")
            self.pump_task = self.loop.create_task(self.pump(self.channel))
        first = group not in self.watchers
        self.watchers.setdefault(group, set()).add(watcher)
        if first:
            await self.layer.group_add(group, self.channel)

    async def leave(self, group: str, watcher: Watcher) -> None:
        watchers = self.watchers.get(group, set())
        watchers.discard(watcher)
        if not watchers and self.watchers.pop(group, None) is not None:
            await self.layer.group_discard(group, self.channel)

    async def pump(self, channel: str) -> None:
        """Pass on each message; a layer that fails is tried again, as watchers look by themselves meanwhile."""
        while True:
            try:
                message = await self.layer.receive(channel)
            except Exception:
                logger.exception("The channel layer failed")
                await asyncio.sleep(1)
                continue
            for watcher in tuple(self.watchers.get(message["group"], ())):
                watcher.look()

    async def announce(self, group: str) -> None:
        await self.layer.group_send(group, {"type": "look", "group": group})


board: Switchboard | None = None


def switchboard() -> Switchboard:
    """The running loop's switchboard. A server has one loop for life; tests have one each."""
    global board  # noqa: PLW0603
    loop = asyncio.get_running_loop()
    if board is None or board.loop is not loop:
        board = Switchboard(loop)
    return board


def announce(run: Run, **signal: Any) -> None:
    """Tell whoever watches `run` to look again; from any thread.

    The message is sent on the server's own loop: `async_to_sync` from a thread was seen to be seconds late.
    """
    if board is not None and board.loop.is_running():
        asyncio.run_coroutine_threadsafe(board.announce(run.group), board.loop)
