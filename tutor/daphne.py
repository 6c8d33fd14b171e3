"""Daphne, which doesn't read from a websocket whose browser doesn't read.

A page gets its next message once it has reported. Without this, Daphne would keep message after message for a browser
that reports again and again, and reads nothing.
"""

from __future__ import annotations

from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol


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
