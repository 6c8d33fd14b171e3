"""A slow line: a TCP proxy on the loopback address that delays all bytes, and that can be cut."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 64 * 1024


class SlowLine:
    """A line to a port of this machine. `port` is its own end; each byte takes `delay_s` in either direction.

    To the port, it comes from a loopback address.
    """

    def __init__(self, to_port: int, delay_s: float, address: str) -> None:
        self.to_port, self.delay_s, self.address = to_port, delay_s, address
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self.is_cut = False
        self.writers: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Abort all connections, and each new one until `restore` is called. Thread-safe."""
        self.is_cut = True
        self.loop.call_soon_threadsafe(self.abort)

    def restore(self) -> None:
        """Accept connections again."""
        self.is_cut = False

    def abort(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        """Accept connections until `over`; set `ready` once `port` is known."""
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        self.abort()
        for task in self.tasks:
            task.cancel()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        self.writers.add(writer)
        await asyncio.sleep(2 * self.delay_s)  # The handshake of a connection takes a way and back.
        try:
            there = await asyncio.open_connection("127.0.0.1", self.to_port, local_addr=(self.address, 0))
        except OSError:
            writer.transport.abort()
            return
        self.writers.add(there[1])
        for pump in (self.pump(reader, there[1]), self.pump(there[0], writer)):
            task = asyncio.create_task(pump)
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Write what `reader` reads to `writer`, each piece `delay_s` later, until either side ends."""
        try:
            while piece := await reader.read(CHUNK):
                self.loop.call_later(self.delay_s, write, writer, piece)
        except OSError:
            pass
        self.loop.call_later(self.delay_s, writer.close)
        self.writers.discard(writer)


def write(writer: asyncio.StreamWriter, piece: bytes) -> None:
    if not writer.is_closing():
        writer.write(piece)


@contextmanager
def slow_line(to_port: int, delay_s: float, address: str = "127.0.0.1") -> Iterator[SlowLine]:
    """Serve a slow line from a loopback address to `to_port` in a thread of its own."""
    line, ready, over = SlowLine(to_port, delay_s, address), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=line.loop.run_until_complete, args=[line.serve(ready, over)], daemon=True)
    thread.start()
    ready.wait()
    try:
        yield line
    finally:
        line.loop.call_soon_threadsafe(over.set)
        thread.join()
        line.loop.close()
