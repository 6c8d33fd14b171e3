"""A websocket that reads only when it is told to, and that can leave in any way."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

WINDOW = 4096
"""The bytes that the system receives for a socket before the socket reads them."""
RESET = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which `close` resets the connection."""


class RawSocket:
    """The socket of a page at `address` of the site `origin`."""

    def __init__(self, address: str, origin: Any) -> None:
        self.address = urlsplit(address)
        self.protocol = ClientProtocol(parse_uri(address), origin=origin, max_size=None)
        self.loop = asyncio.get_running_loop()
        self.end = socket.socket()
        self.end.setblocking(False)
        self.end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)

    async def ask(self) -> None:
        """Connect, and send the handshake."""
        await self.loop.sock_connect(self.end, (self.address.hostname, self.address.port))
        self.protocol.send_request(self.protocol.connect())
        await self.flush()

    async def open(self) -> None:
        """Connect, and read the answer to the handshake."""
        await self.ask()
        while self.protocol.state is State.CONNECTING:
            await self.read(1)
        self.protocol.events_received()

    async def send(self, text: str) -> None:
        self.protocol.send_text(text.encode())
        await self.flush()

    async def flush(self) -> None:
        for data in self.protocol.data_to_send():
            await self.loop.sock_sendall(self.end, data)

    async def read(self, most: int) -> None:
        """Read at least one byte, and at most `most`. Raise EOFError if the site has closed the connection."""
        if not (received := await self.loop.sock_recv(self.end, most)):
            raise EOFError("The site has closed the connection.")
        self.protocol.receive_data(received)

    async def read_all(self) -> list[str]:
        """Read everything that the site has sent; return the messages that have come since the last call."""
        frames: list[Frame] = []
        self.protocol.send_ping(b"all")
        await self.flush()
        while not any(each.opcode is Opcode.PONG for each in frames):
            await self.read(2**16)
            frames += [each for each in self.protocol.events_received() if isinstance(each, Frame)]
        return [bytes(each.data).decode() for each in frames if each.opcode is Opcode.TEXT]

    async def close(self) -> None:
        """Send a close frame, and leave."""
        self.protocol.send_close(1000)
        await self.flush()
        self.leave()

    def leave(self) -> None:
        """Close the connection without a close frame."""
        self.end.close()

    def reset(self) -> None:
        """Reset the connection, as a browser that is killed."""
        self.end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.end.close()
