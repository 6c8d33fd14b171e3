"""The sockets of a part of a class, in a process of its own.

    python -m tutor.benchmarks.member_sockets ADDRESS ORIGIN MEMBERS

opens the sockets as pages that follow a run or a class, and prints an empty line. Whenever all of them have received
one more message, it prints the monotonic nanosecond of the last one; each socket reports after its message, as a page
does. At a line of its input it prints as JSON the steps that each socket has shown, one after another. It ends when its
input does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from .broadcasting import KEPT
from .page_state import PageState

AT_ONCE = 25
shown: list[list[int]] = []
"""The steps that each socket has shown."""


async def follow(address: str, origin: str, members: int) -> None:
    """Open `members` sockets, and print when all have got a message."""
    sockets = await open_sockets(address, origin, members)
    got: Counter[int] = Counter()
    print(flush=True)
    await asyncio.gather(*[receive(each, got, members) for each in sockets])


async def open_sockets(address: str, origin: str, number: int) -> list[ClientConnection]:
    """Open that many sockets, a few at a time."""
    sockets: list[ClientConnection] = []
    options = {"compression": None, "ping_interval": None, "proxy": None, "origin": origin, "open_timeout": 60}
    for start in range(0, number, AT_ONCE):
        wanted = range(min(AT_ONCE, number - start))
        sockets += await asyncio.gather(*[connect(address, **options) for _ in wanted])  # type: ignore[arg-type]
    return sockets


async def receive(socket: ClientConnection, got: Counter[int], members: int) -> None:
    """Receive messages, and report after each. What this takes is part of what is measured, so it is little."""
    page, steps = PageState(), list[int]()
    shown.append(steps)
    await socket.send(page.report)
    number = 0
    while True:
        message = bytes(await socket.recv(decode=False))
        number, moment = number + 1, time.monotonic_ns()
        got[number] += 1
        if got[number] == members:
            keep(message)
            print(moment, flush=True)
        page.apply(message)
        steps.append(page.step)
        await socket.send(page.report)


def keep(message: bytes) -> None:
    if path := os.environ.get(KEPT):
        Path(path).write_bytes(message)


def answer_input() -> None:
    for _ in sys.stdin:
        print(json.dumps(shown), flush=True)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=answer_input, daemon=True).start()
    asyncio.run(follow(sys.argv[1], sys.argv[2], int(sys.argv[3])))
