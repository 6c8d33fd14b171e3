"""Fan-out: one channel per process is a member of the groups, and its messages wake the process's own watches.

A group with every socket of a class as a member is slow, because `group_send` visits each member, and it drops
messages for a member that has 100 waiting. One channel per process avoids both.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any, Protocol

from channels.layers import get_channel_layer

from tutor.runs.models import Run

logger = logging.getLogger(__name__)

RETRY_S = 1.0
"""Seconds until the next attempt after the channel layer has failed."""


class Wakeable(Protocol):
    """Something that can be woken up, such as the watch of a run."""

    def wake_up(self) -> None:
        """Check for changes. Called on the event loop; returns at once."""


class FanOut:
    """The watches of one event loop, by group."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.layer: Any = get_channel_layer()
        self.groups: dict[str, set[Wakeable]] = {}
        self.channel: str | None = None

    async def group_add(self, group: str, watch: Wakeable) -> None:
        """Wake `watch` at each message to `group`."""
        if self.channel is None:
            self.channel = await self.layer.new_channel("fan-out")
            self.receiving = self.loop.create_task(self.receive(self.channel))
        is_first = group not in self.groups
        self.groups.setdefault(group, set()).add(watch)
        if is_first:
            await self.layer.group_add(group, self.channel)

    async def group_discard(self, group: str, watch: Wakeable) -> None:
        """Stop waking `watch`."""
        watches = self.groups.get(group, set())
        watches.discard(watch)
        if not watches and self.groups.pop(group, None) is not None:
            await self.layer.group_discard(group, self.channel)

    async def group_send(self, group: str) -> None:
        """Wake the watches of `group` in every process."""
        await self.layer.group_send(group, {"type": "wake_up", "group": group})

    async def receive(self, channel: str) -> None:
        """Wake watches at each message of `channel`. Never returns."""
        while True:
            try:
                message = await self.layer.receive(channel)
            except Exception:  # Until the layer is back, watches check for changes by themselves.
                logger.exception("The channel layer failed")
                await asyncio.sleep(RETRY_S)
                continue
            for watch in tuple(self.groups.get(message["group"], ())):
                watch.wake_up()


current: FanOut | None = None


def fan_out() -> FanOut:
    """Return the fan-out of the running event loop. A server has one loop; each test has its own."""
    global current  # noqa: PLW0603
    loop = asyncio.get_running_loop()
    if current is None or current.loop is not loop:
        current = FanOut(loop)
    return current


def wake_others() -> None:
    """Let this process, which has no server and no watches, wake those of other processes from now on."""
    global current  # noqa: PLW0603
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="fan-out", daemon=True).start()
    current = FanOut(loop)


def announce(run: Run, **signal: Any) -> None:
    """Wake the watches of `run`. Thread-safe."""
    wake(run.group)


def wake(group: str) -> None:
    """Wake the watches of a group. Thread-safe.

    The message is sent on the server's own loop: in measurements, `async_to_sync` in a thread was seconds late.
    """
    if current is not None and current.loop.is_running():
        asyncio.run_coroutine_threadsafe(current.group_send(group), current.loop)
