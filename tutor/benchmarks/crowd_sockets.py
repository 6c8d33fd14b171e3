"""A crowd of sockets that misbehave, in a process of its own.

    python -m tutor.benchmarks.crowd_sockets ADDRESS ORIGIN IDLE LEAVING

opens the crowd, with IDLE idle sockets, and prints an empty line. At each line of its input it prints one, and LEAVING
more sockets connect and leave at once. It ends when its input does.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Coroutine
from typing import Any

from websockets.asyncio.client import ClientConnection

from .member_sockets import open_sockets
from .page_state import report
from .raw_socket import RawSocket

BYTE_EVERY_S, REPORT_EVERY_S = 1.0, 0.05
"""Seconds between two bytes of the slow socket, and between two reports of the one that reads nothing."""
WAYS = 5
"""The ways to leave at once."""


class Crowd:
    """One slow socket that reads byte by byte, a deaf one that reports and reads nothing, and many that are idle."""

    def __init__(self, address: str, origin: str) -> None:
        self.address, self.origin = address, origin
        self.slow, self.deaf = RawSocket(address, origin), RawSocket(address, origin)
        self.idle: list[ClientConnection] = []
        self.tasks: set[asyncio.Task[Any]] = set()

    async def open(self, idle: int) -> None:
        """Open the sockets that stay. Every other idle one reports once that it doesn't follow the run."""
        for each in (self.slow, self.deaf):
            await each.open()
            await each.send(report(0))
        self.idle = await open_sockets(self.address, self.origin, idle)
        for page in self.idle[::2]:
            await page.send(report(0, follow=False))

    async def crawl(self) -> None:
        """Read a byte a second at the slow socket."""
        while True:
            await self.slow.read(1)
            await asyncio.sleep(BYTE_EVERY_S)

    async def talk(self) -> None:
        """Report again and again at the deaf socket."""
        while True:
            await self.deaf.send(report(0))
            await asyncio.sleep(REPORT_EVERY_S)

    async def come_and_leave(self, leaving: int) -> None:
        """Have that many more sockets connect and leave at once, each in another way."""
        await asyncio.gather(*[self.leave_at_once(number % WAYS) for number in range(leaving)])

    async def leave_at_once(self, way: int) -> None:
        socket = RawSocket(self.address, self.origin)
        if way == 0:  # Before the site has answered the handshake.
            await socket.ask()
            return socket.reset()
        await socket.open()
        if way == 1:
            return socket.reset()
        await socket.send(report(0))
        if way == 2:
            return socket.reset()
        if way == 3:
            return socket.leave()
        return await socket.close()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do `work` in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def leave(self) -> None:
        """Reset all connections."""
        for each in (self.slow, self.deaf):
            each.reset()
        for page in self.idle:
            page.transport.abort()


async def main(address: str, origin: str, idle: str, leaving: str) -> None:
    """Be a crowd until the standard input ends."""
    crowd = Crowd(address, origin)
    await crowd.open(int(idle))
    crowd.start(crowd.crawl())
    crowd.start(crowd.talk())
    print(flush=True)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(lambda: crowd.start(crowd.come_and_leave(int(leaving))))
            print(flush=True)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
