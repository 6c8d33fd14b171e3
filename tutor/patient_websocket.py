"""Daphne's protocol of a websocket, made for many pages that get the same text and report what they show."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from autobahn.websocket.protocol import PreparedMessage
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.tcp import Connection

READ_BYTES = 4096
"""The bytes that are read of a websocket at once, some twenty reports of a page."""
BURST_BYTES, BYTES_A_SECOND = 16 * 1024, 8 * 1024
"""What is read of a websocket at first, and in each second after that. A page whose Next is held sends some 5 KiB."""
FINAL_TEXT, MASKED, TWO_BYTES = 0x81, 0x80, 126
"""Of a frame: the first byte if it is a whole text, the bit of the second one if it is masked, as browsers do, and the
length there if the next two bytes have it."""


class PatientWebSocket(WebSocketProtocol):
    """A websocket that sends a text at once, nothing more to a browser that is leaving, and reads only so fast.

    Autobahn would raise an error for such a browser. For others it frames each text again, and Twisted writes it only
    when all that is ready to be read has had its turn: in a large class, that is most of the time of a step. Its state
    machine also takes longer to read the report of each page than everything that the report causes. What isn't read
    waits in the network, so that a browser that sends without end keeps itself busy, and not the site.
    """

    read_ahead, read_at = 0.0, 0.0
    """The bytes that were read earlier than `BYTES_A_SECOND` allows, at the last time that something was read."""

    def dataReceived(self, data: bytes) -> None:
        """Handle what was read, and read on when that isn't too fast."""
        now = self.transport.reactor.seconds()
        self.read_ahead = max(0.0, self.read_ahead - (now - self.read_at) * BYTES_A_SECOND) + len(data)
        self.read_at = now
        if (text := text_of(data)) is not None and self.is_between_messages:
            self.onMessage(text, False)
        else:
            self._dataReceived(data)  # Autobahn's own method formats a line for the log first.
        if self.read_ahead > BURST_BYTES:
            self.transport.pauseProducing()
            self.transport.reactor.callLater((self.read_ahead - BURST_BYTES) / BYTES_A_SECOND, self.read_on)

    @property
    def is_between_messages(self) -> bool:
        """Whether what is read next begins a message."""
        return self.state == self.STATE_OPEN and not (self.data or self.current_frame or self.inside_message)

    def read_on(self) -> None:
        """Read again, unless the browser has to read first, which Twisted waits for."""
        if not self.transport.producerPaused:
            self.transport.resumeProducing()

    def serverSend(self, content: Any, binary: bool = False) -> None:
        if self.state == self.STATE_OPEN and not binary:
            write(self.transport, frame_of(content))
        elif self.state in (self.STATE_CONNECTING, self.STATE_OPEN):
            super().serverSend(content, binary)


def text_of(data: bytes) -> bytes | None:
    """Return the text of a message that is all of `data`, as browsers send it: short, valid and in one frame.

    Autobahn reads all others, for which this returns None, and refuses what isn't allowed. RFC 6455, section 5.2,
    defines the form of a frame.
    """
    if len(data) < 2 or data[0] != FINAL_TEXT or not MASKED <= data[1] <= MASKED + TWO_BYTES:
        return None
    length, start = data[1] - MASKED, 2
    if length == TWO_BYTES:
        length, start = int.from_bytes(data[2:4], "big"), 4
    mask, masked = data[start : start + 4], data[start + 4 :]
    if len(masked) != length or (start == 4 and length < TWO_BYTES):
        return None
    mask = (mask * (length // 4 + 1))[:length]
    text = (int.from_bytes(masked, "big") ^ int.from_bytes(mask, "big")).to_bytes(length, "big")
    try:
        text.decode()
    except UnicodeDecodeError:
        return None
    return text


@lru_cache(maxsize=8)
def frame_of(text: str) -> bytes:
    """Return the frame of a text, which is sent to many sockets one after the other."""
    return bytes(PreparedMessage(text.encode(), False, applyMask=False, doNotCompress=True).payloadHybi)


def write(transport: Any, data: bytes) -> None:
    """Write what the system takes of `data` now; the rest waits, as everything does that comes after it."""
    sent: Any = 0
    if isinstance(transport, Connection) and not (transport.TLS or transport.dataBuffer or transport._tempDataLen):
        sent = transport.writeSomeData(data)
    if sent != len(data):
        transport.write(data[sent:] if isinstance(sent, int) else data)  # If the connection is lost, it finds it out.
