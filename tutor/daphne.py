"""Daphne with bounds: on the bytes and the seconds of a request, on what waits for a browser that doesn't read, and on
what is read of one that sends without end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from daphne import http_protocol
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet.defer import Deferred
from twisted.web.http import HTTPChannel

from .patient_websocket import READ_BYTES, PatientWebSocket

HEAD_S, BODY_S, IDLE_S, REST_S = 20.0, 20.0, 60.0, 60.0
"""The seconds that the head of a connection's first request may take, the body of a request, the time until the head of
the next one is complete, and the reading of the last response. Browsers send each in a moment."""
FINISH_S, LOOK_EVERY_S = 5.0, 0.02
"""The seconds that requests may still take when the server is told to end, and between two looks at them."""
TOO_LONG = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
PROXY_HEADERS = b"X-Forwarded-For", b"X-Forwarded-Port", b"X-Forwarded-Proto"
UNUSED_HEADERS = b"Daphne-Root-Path", b"Sec-WebSocket-Protocol"


class BoundedRequest(http_protocol.WebRequest):
    """A request that ends with status 413, and its connection with it, if its body is too long; 400 without a path.

    What its head says of the length is enough. Otherwise Daphne would keep the whole body, however long, before the
    site could refuse it. A body whose length isn't known is cut off at the limit.
    """

    is_refused = False

    def gotLength(self, length: int | None) -> None:
        """Refuse a body that is announced as too long."""
        super().gotLength(0 if length is not None and length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE else length)
        if length is not None and length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self.refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """Keep a piece of the body, unless it is too long."""
        if self.is_refused:
            return
        if self.content.tell() + len(data) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            super().handleContentChunk(data)
        else:
            self.refuse()

    def refuse(self, response: bytes = TOO_LONG) -> None:
        """Send the response, by default status 413, and end the connection."""
        self.is_refused = True
        self.requestHeaders.removeHeader(b"Expect")  # Otherwise Twisted asks for the body now.
        self.channel.transport.write(response)
        self.channel.loseConnection()

    def process(self) -> Any:
        """Handle the request. Remove headers that Daphne can't read, or that are for proxies of other sites."""
        for name in UNUSED_HEADERS:
            self.requestHeaders.removeHeader(name)
        for name in PROXY_HEADERS:
            if not all(value.isascii() for value in self.requestHeaders.getRawHeaders(name, [])):
                self.requestHeaders.removeHeader(name)
        if not self.is_refused and not self.uri.startswith(b"/"):  # Django takes it for a path, and can't link to it.
            self.refuse(UNREADABLE)
        return None if self.is_refused else super().process()


class BoundedChannel(HTTPChannel):
    """A connection for requests. Each part of a request has a deadline, however many bytes of it come meanwhile.

    Twisted's own time-out begins again with each byte.
    """

    deadline: Any = None
    is_last_request = False
    """Whether connections end with the request that is being handled, as the server does."""

    def checkPersistence(self, request: Any, version: bytes) -> bool:
        return not self.is_last_request and super().checkPersistence(request, version)

    def connectionMade(self) -> None:
        super().connectionMade()
        self.allow(HEAD_S)

    def allHeadersReceived(self) -> None:
        self.allow(BODY_S)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        self.allow(None)  # How long the response takes isn't a matter of the browser.
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:
        self.allow(IDLE_S if self.persistent else REST_S)
        super().requestDone(request)

    def connectionLost(self, reason: Any = None) -> None:
        self.allow(None)
        super().connectionLost(reason)

    def allow(self, seconds: float | None) -> None:
        """Set the deadline of what follows to `seconds` from now; with None, it has no deadline."""
        if self.deadline and self.deadline.active():
            self.deadline.cancel()
        self.deadline = None if seconds is None else self.callLater(seconds, self.timeoutConnection)


def log_nothing(factory: Any, request: Any) -> None:
    """Do nothing instead of formatting a line about each request that nobody reads."""


http_protocol.WebRequest = BoundedRequest  # The factories have no parameters for these.
http_protocol.HTTPFactory.protocol = BoundedChannel
http_protocol.HTTPFactory.log = log_nothing
WebSocketFactory.protocol = PatientWebSocket


class PatientServer(Server):
    """A Daphne that reads from a websocket little at once, and only while hardly more waits to be written to it.

    A page gets its next message once it has reported. Otherwise Daphne would keep message after message for a browser
    that reports again and again, and reads nothing.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ports: list[Any] = []

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self.ports.append(port)

    def kill_all_applications(self) -> Any:
        """Return what Twisted waits for when it is told to end: requests are finished, then websockets are closed."""
        finished: Any = Deferred.fromFuture(asyncio.ensure_future(self.finish()))
        end = super().kill_all_applications
        return finished.addBoth(lambda _: end())

    async def finish(self) -> None:
        """Accept no more connections, and let the requests that are being handled end, for up to `FINISH_S`.

        A proxy sends others to another process meanwhile.
        """
        BoundedChannel.is_last_request = True
        for port in self.ports:
            port.stopListening()
        deadline = time.monotonic() + FINISH_S
        while self.handles_requests() and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_EVERY_S)
        await asyncio.sleep(LOOK_EVERY_S)  # The last response is written.

    def handles_requests(self) -> bool:
        """Return whether a response to a request isn't complete."""
        return any(
            not details["application_instance"].done()
            for protocol, details in self.connections.items()
            if not isinstance(protocol, WebSocketProtocol)
        )

    def protocol_connected(self, protocol: Any) -> None:
        """Count a request or a websocket among the connections. A websocket pauses what it reads by itself."""
        super().protocol_connected(protocol)
        if isinstance(protocol, WebSocketProtocol):
            protocol.transport.unregisterProducer()  # That of the HTTP request which the websocket began as.
            protocol.transport.registerProducer(protocol.transport, True)
            protocol.transport.bufferSize = READ_BYTES  # Twisted reads so much at once, and lets so much wait.


class CommandLine(CommandLineInterface):
    """The command `daphne` with this server."""

    server_class = PatientServer
