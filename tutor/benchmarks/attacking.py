"""A member of a class who means no good, in a process of its own.

    python -m tutor.benchmarks.attacking flood|huge|forge SOCKET PAGE

prints an empty line, and goes on until its input ends. `flood` reports 10,000 times a second; `huge` sends
messages of 10 MB, each through a socket of its own; `forge` loads the page, and sends commands that it may
not give and an answer to a question of another class, each once the site has answered the one before.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import suppress
from itertools import cycle
from urllib.parse import urlencode, urlsplit

from .answering import COOKIE, exchange, get, values
from .page_state import report
from .raw_socket import RawSocket

A_SECOND, EVERY_S = 10_000, 0.01
BYTES = 10_000_000
PAUSE_S = 0.1
"""Seconds until the next socket, after the site has closed one."""
FORGED = (
    ("/teach/{code}/commands/", {"do": "go 1", "saw": "1", "key": "forged-by-a-member"}),
    ("/rooms/{code}/", {"do": "go 1", "saw": "1", "key": "forged-by-a-member"}),
    ("/rooms/{code}/", {"do": "answer", "question": "999999", "round": "1", "option": "0"}),
)
"""Addresses and forms."""


def origin_of(page: str) -> str:
    return f"http://{urlsplit(page).netloc}"


async def flood(address: str, page: str) -> None:
    """Report one state after another, in time, or as fast as the site reads. Read what comes of it, and forget it."""
    socket = RawSocket(address, origin_of(page))
    await socket.open()
    number = round(A_SECOND * EVERY_S)
    for step in range(number):
        socket.protocol.send_text(report(step % 5, room=str(step)).encode())
    reports, due = b"".join(socket.protocol.data_to_send()), socket.loop.time()
    reading = asyncio.create_task(read(socket))
    while not reading.done():
        await socket.loop.sock_sendall(socket.end, reports)
        due = max(due + EVERY_S, socket.loop.time())
        await asyncio.sleep(due - socket.loop.time())


async def read(socket: RawSocket) -> None:
    while await socket.loop.sock_recv(socket.end, 2**20):
        pass


async def huge(address: str, page: str) -> None:
    """Send one huge message after another."""
    message = b""
    while True:
        socket = RawSocket(address, origin_of(page))
        with suppress(OSError, EOFError):
            await socket.open()
            if not message:
                socket.protocol.send_text(bytes(BYTES))
                message = b"".join(socket.protocol.data_to_send())
            await socket.loop.sock_sendall(socket.end, message)
            await socket.read(1)
        socket.leave()
        await asyncio.sleep(PAUSE_S)


async def forge(address: str, page: str) -> None:
    """Send one forged form after another."""
    site, code = urlsplit(page), page.split("/")[-2]
    loaded = (await exchange(site.port, get(page))).decode()
    token = values(loaded, "csrfmiddlewaretoken")[0]
    for path, form in cycle(FORGED):
        body = urlencode({"csrfmiddlewaretoken": token, **form})
        head = (
            f"POST {path.format(code=code)} HTTP/1.1\r\nHost: {site.netloc}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nAccept: text/plain\r\n"
            f"Origin: http://{site.netloc}\r\nCookie: {'; '.join(COOKIE.findall(loaded))}\r\n\r\n"
        )
        answer = await exchange(site.port, (head + body).encode())
        if answer.split()[1] not in (b"404", b"409"):
            raise ValueError(f"Not refused: {answer[:80]!r}")


def end_with_input() -> None:
    print(flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    asyncio.run({"flood": flood, "huge": huge, "forge": forge}[sys.argv[1]](*sys.argv[2:]))
