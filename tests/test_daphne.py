from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from autobahn.twisted.websocket import WebSocketServerProtocol
from daphne.http_protocol import HTTPFactory
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet import tcp
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock, StringTransport

from tutor.daphne import (
    BODY_S,
    HEAD_S,
    IDLE_S,
    REST_S,
    BoundedChannel,
    PatientServer,
)
from tutor.patient_websocket import BURST_BYTES, BYTES_A_SECOND, READ_BYTES, PatientWebSocket

LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
ABORT_S = BoundedChannel.abortTimeout
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Transport(StringTransport):
    """A transport that, as those of sockets, can be told twice that nobody produces for it."""

    def unregisterProducer(self) -> None:
        self.producer = None


TIMEOUT_S = 20


class Connection:
    """A connection to a Daphne without a network, on a clock that the test turns. Its site answers with "Hello."."""

    def __init__(self) -> None:
        self.server = PatientServer(self.answer, endpoints=["unused"])
        self.server.connections = {}
        self.clock, self.transport = Clock(), Transport()
        self.scopes: list[dict[str, Any]] = []
        self.answered = asyncio.Event()
        channel = HTTPFactory(self.server).buildProtocol(None)
        channel.callLater = self.clock.callLater
        channel.makeConnection(self.transport)
        self.receive = channel.dataReceived

    async def answer(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"6")]})
        await send({"type": "http.response.body", "body": b"Hello."})
        self.answered.set()

    @property
    def status(self) -> int:
        return int(self.transport.value().split()[1])

    @property
    def is_over(self) -> bool:
        return bool(self.transport.disconnecting)


@pytest.fixture
async def connection() -> Connection:
    return Connection()


async def test_a_body_that_is_announced_as_too_long_is_refused_before_a_byte_of_it_is_read(
    connection: Connection,
) -> None:
    connection.receive(POST + b"Expect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n")
    assert (connection.status, connection.is_over, connection.scopes) == (413, True, [])
    assert b"100" not in connection.transport.value()


@pytest.mark.parametrize("target", [b"[]/lessons/", b"http://[]/", b"*", b"lessons/"])
async def test_a_target_that_is_no_path_is_refused(connection: Connection, target: bytes) -> None:
    """Django would try to make addresses of it, some of which can't be read."""
    connection.receive(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (connection.status, connection.is_over, connection.scopes) == (400, True, [])


async def test_a_body_without_a_length_is_refused_once_it_is_too_long(connection: Connection) -> None:
    connection.receive(POST + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(LIMIT // 1024):
        connection.receive(b"400\r\n" + b"x" * 1024 + b"\r\n")
    assert not connection.transport.value()
    connection.receive(b"1\r\nx\r\n" * 2)
    assert (connection.status, connection.is_over) == (413, True)
    assert connection.transport.value().count(b"413") == 1
    connection.receive(b"0\r\n\r\n")
    assert connection.scopes == []


async def test_a_body_of_the_greatest_length_reaches_the_site(connection: Connection) -> None:
    connection.receive(POST + b"Content-Length: %d\r\n\r\n" % LIMIT + b"x" * LIMIT)
    await asyncio.wait_for(connection.answered.wait(), TIMEOUT_S)
    assert connection.status == 200


async def test_a_head_has_a_deadline_even_if_a_byte_comes_every_second(connection: Connection) -> None:
    for byte in POST[: int(HEAD_S) - 1]:
        connection.receive(bytes([byte]))
        connection.clock.advance(1)
    assert not connection.is_over
    connection.clock.advance(1)
    assert connection.is_over


async def test_a_body_has_a_deadline_even_if_a_byte_comes_every_second(connection: Connection) -> None:
    connection.receive(POST + b"Content-Length: 1000\r\n\r\n")
    for _ in range(int(BODY_S) - 1):
        connection.receive(b"x")
        connection.clock.advance(1)
    assert not connection.is_over
    connection.clock.advance(1)
    assert connection.is_over and connection.scopes == []


async def test_a_connection_is_kept_for_the_next_request_and_ends_if_none_is_complete_in_time(
    connection: Connection,
) -> None:
    connection.receive(GET)
    await asyncio.wait_for(connection.answered.wait(), TIMEOUT_S)
    connection.clock.advance(IDLE_S - 1)
    connection.receive(b"GET / HT")
    assert not connection.is_over
    connection.clock.advance(1)
    assert connection.is_over


async def test_a_response_that_takes_long_is_no_fault_of_the_browser(connection: Connection) -> None:
    connection.receive(GET)
    connection.clock.advance(HEAD_S + BODY_S + IDLE_S)
    assert not connection.is_over


async def test_a_browser_that_never_reads_its_last_response_is_cut_off(connection: Connection) -> None:
    connection.receive(b"GET / HTTP/1.0\r\n\r\n")
    await asyncio.wait_for(connection.answered.wait(), TIMEOUT_S)
    aborted: list[bool] = []
    connection.transport.abortConnection = lambda: aborted.append(True)
    connection.clock.advance(REST_S)
    connection.clock.advance(ABORT_S)
    assert aborted == [True]


@pytest.mark.parametrize(
    "header",
    [
        b"Daphne-Root-Path: \xff",
        b"Daphne-Root-Path: /elsewhere",
        b"X-Forwarded-For: \xff",
        b"X-Forwarded-Port: \xff",
        b"X-Forwarded-Proto: \xff",
    ],
)
async def test_a_header_that_daphne_can_not_read_or_must_not_believe_is_ignored(
    connection: Connection, header: bytes
) -> None:
    connection.server.proxy_forwarded_address_header = "X-Forwarded-For"
    connection.server.proxy_forwarded_port_header = "X-Forwarded-Port"
    connection.server.proxy_forwarded_proto_header = "X-Forwarded-Proto"
    forwarded = b"" if header.startswith(b"X-Forwarded-For") else b"X-Forwarded-For: 192.0.2.1\r\n"
    connection.receive(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + forwarded + header + b"\r\n\r\n")
    await asyncio.wait_for(connection.answered.wait(), TIMEOUT_S)
    assert (connection.status, connection.scopes[0]["root_path"]) == (200, "")


@pytest.mark.parametrize("state", [WebSocketServerProtocol.STATE_CLOSING, WebSocketServerProtocol.STATE_CLOSED])
def test_what_is_sent_to_a_browser_that_is_leaving_is_dropped_without_an_error(state: int) -> None:
    socket = PatientWebSocket()
    socket.state = state
    socket.client_addr = None
    socket.handle_reply({"type": "websocket.send", "text": "news"})


TEXT = "Ω" * 10
FRAME = b"\x81\x14" + TEXT.encode()


@pytest.fixture
def line() -> Iterator[tuple[PatientWebSocket, socket.socket]]:
    """An open websocket of the server, and the browser's end of its connection."""
    near, far = socket.socketpair()
    near.setblocking(False)
    websocket = PatientWebSocket()
    websocket.state, websocket.client_addr = WebSocketServerProtocol.STATE_OPEN, None
    websocket.transport = tcp.Connection(near, websocket, MemoryReactorClock())
    websocket.transport.connected = 1
    websocket.transport.startReading()
    yield websocket, far
    near.close()
    far.close()


def test_a_text_is_on_its_way_when_it_is_sent(line: tuple[PatientWebSocket, socket.socket]) -> None:
    websocket, browser = line
    websocket.handle_reply({"type": "websocket.send", "text": TEXT})
    assert browser.recv(100) == FRAME


def test_what_the_system_does_not_take_is_sent_later_and_in_order(
    line: tuple[PatientWebSocket, socket.socket],
) -> None:
    websocket, browser = line
    long = "x" * 2**20
    for text in (long, TEXT):
        websocket.handle_reply({"type": "websocket.send", "text": text})
    received = b""
    while not received.endswith(FRAME):
        received += browser.recv(2**20)
        websocket.transport.doWrite()
    assert received == b"\x81\x7f" + len(long).to_bytes(8, "big") + long.encode() + FRAME


def test_a_text_for_a_browser_that_has_just_left_is_no_error(line: tuple[PatientWebSocket, socket.socket]) -> None:
    websocket, browser = line
    browser.close()
    websocket.handle_reply({"type": "websocket.send", "text": TEXT})
    assert isinstance(websocket.transport.doWrite(), Exception)


def masked(text: bytes, *, first: int = 0x81) -> bytes:
    """Return the frame in which a browser sends a text."""
    size = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0xFE]) + len(text).to_bytes(2, "big")
    mask = b"\x07\xf0\x55\xaa"
    return bytes([first]) + size + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(text))


REPORT = "{“step”: 3}".encode()
PIECES = [
    [masked(REPORT)],
    [masked(b"")],
    [masked(REPORT * 20)],
    [masked(REPORT) + masked(b"2")],
    [masked(REPORT)[:3], masked(REPORT)[3:]],
    [masked(REPORT), masked(REPORT * 20)[:9], masked(REPORT * 20)[9:], masked(b"2")],
    [masked(REPORT[:5], first=0x01), masked(REPORT[5:], first=0x80), masked(b"2")],
    [masked(REPORT[:5], first=0x01), masked(b"2"), masked(b"3")],  # A message inside another one isn't allowed.
    [masked(b"2"), masked(b"\xff"), masked(b"3")],
    [b"\x81\x012", masked(b"3")],  # It isn't masked.
    [b"\x81\xff" + bytes(7) + b"\x7f" + masked(b"x" * 125)[2:]],
    [b"\x81\xfe\x00\x01" + masked(b"2")[2:], masked(b"3")],
]


@pytest.mark.parametrize("pieces", PIECES)
def test_messages_are_read_as_autobahn_reads_them_in_whatever_pieces_they_come(
    pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert messages_in(pieces, monkeypatch) == messages_in(pieces, monkeypatch, read_by=WebSocketProtocol.dataReceived)


def messages_in(pieces: list[bytes], monkeypatch: pytest.MonkeyPatch, read_by: Any = None) -> tuple[list[Any], int]:
    """Return what a websocket hands on of what it reads, and its state after that."""
    websocket, received = open_websocket(), list[Any]()
    monkeypatch.setattr(websocket, "onMessage", lambda text, is_binary: received.append((bytes(text), is_binary)))
    for piece in pieces:
        (read_by or PatientWebSocket.dataReceived)(websocket, piece)
    return received, websocket.state


def open_websocket() -> PatientWebSocket:
    """Return the end of the server, after the handshake."""
    factory = WebSocketFactory(PatientServer(None, endpoints=["unused"]))
    websocket: PatientWebSocket = factory.buildProtocol(None)
    websocket.transport = Transport()
    websocket.transport.reactor = MemoryReactorClock()
    websocket.client_addr = None
    websocket._connectionMade()
    websocket.state = WebSocketServerProtocol.STATE_OPEN
    websocket.websocket_version, websocket.inside_message, websocket.current_frame = 13, False, None
    return websocket


def test_a_browser_that_sends_without_end_is_read_so_fast_and_no_faster(
    line: tuple[PatientWebSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    websocket, _ = line
    clock, received = websocket.transport.reactor, list[bytes]()
    monkeypatch.setattr(websocket, "_dataReceived", received.append)
    for second in range(1, 10):
        while clock.getReaders():
            websocket.dataReceived(b"x" * READ_BYTES)
        assert sum(map(len, received)) <= BURST_BYTES + BYTES_A_SECOND * second + READ_BYTES
        clock.advance(1)
    assert sum(map(len, received)) >= BURST_BYTES + BYTES_A_SECOND * 8
    clock.advance(BURST_BYTES / BYTES_A_SECOND)
    websocket.dataReceived(b"x" * BURST_BYTES)
    assert clock.getReaders() == [websocket.transport]


async def test_a_server_that_ends_finishes_what_it_handles_and_accepts_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BoundedChannel, "is_last_request", False)
    handling: asyncio.Future[None] = asyncio.Future()
    closed: list[bool] = []
    server = PatientServer(None, endpoints=["tcp:port=0"])
    server.ports = [SimpleNamespace(stopListening=lambda: closed.append(True))]
    server.connections = {object(): {"application_instance": handling}}
    finishing = asyncio.create_task(server.finish())
    while not closed:
        await asyncio.sleep(0)
    assert BoundedChannel.is_last_request and not finishing.done()
    handling.set_result(None)
    await finishing


async def test_a_request_that_takes_too_long_does_not_keep_the_server_from_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BoundedChannel, "is_last_request", False)
    monkeypatch.setattr("tutor.daphne.FINISH_S", 0.0)
    server = PatientServer(None, endpoints=["tcp:port=0"])
    server.connections = {object(): {"application_instance": asyncio.Future()}}
    await server.finish()
    assert server.handles_requests()
