"""Daphne, which doesn't read from a websocket whose browser doesn't read, and which cuts off long requests.

A page gets its next message once it has reported. Without this, Daphne would keep message after message for a browser
that reports again and again, and reads nothing. It would also keep the whole body of a request, however long, before
the site can refuse it.
"""

from __future__ import annotations

from typing import Any

from daphne import http_protocol
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol

from tutor.protocol.limits import MIB

MOST_BODY = MIB
"""The maximum bytes of a request's body. No form of the site has as many."""
TOO_LONG = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):
    """A request that ends with status 413, and its connection with it, once its body is too long."""

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) <= MOST_BODY:
            super().handleContentChunk(data)
        else:
            self.channel.transport.write(TOO_LONG)
            self.channel.loseConnection()


def log_nothing(factory: Any, request: Any) -> None:
    """Do nothing instead of formatting a line about each request that nobody reads."""


http_protocol.WebRequest = BoundedRequest  # The factory has no parameter for it.
http_protocol.HTTPFactory.log = log_nothing


class PatientServer(Server):
    """A Daphne that reads from a websocket only while no more than 64 KiB wait to be written to it."""

    def protocol_connected(self, protocol: Any) -> None:
        """Count a request or a websocket among the connections. A websocket pauses what it reads by itself."""
        super().protocol_connected(protocol)
        if isinstance(protocol, WebSocketProtocol):
            protocol.transport.unregisterProducer()  # That of the HTTP request which the websocket began as.
            protocol.transport.registerProducer(protocol.transport, True)


class CommandLine(CommandLineInterface):
    """The command `daphne` with this server."""

    server_class = PatientServer
