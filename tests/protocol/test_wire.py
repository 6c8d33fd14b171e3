from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tutor.protocol import wire
from tutor.protocol.limits import DATAGRAM_BYTES

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    one, other = wire.pair()
    with one, other:
        yield one, other


def test_a_message_arrives_as_it_was_sent(ends: Ends) -> None:
    message = {"text": "Grüße \N{SNAKE} “quoted”\n", "number": 10**30, "none": None, "list": [1.5, True, {"deep": []}]}
    wire.send(ends[0], message)
    assert wire.receive(ends[1]) == (message, [])


def test_messages_keep_their_borders_and_order(ends: Ends) -> None:
    for number in range(100):
        wire.send(ends[0], number)
    assert [wire.receive(ends[1]) for _ in range(100)] == [(number, []) for number in range(100)]


def test_descriptors_beyond_1023_are_waited_for_too(ends: Ends) -> None:
    high = fcntl.fcntl(ends[1].fileno(), fcntl.F_DUPFD, 2000)
    try:
        assert wire.readable([high], 0) == []
        wire.send(ends[0], "here")
        assert wire.readable([high]) == [high]
    finally:
        os.close(high)


def test_descriptors_are_passed_along_with_a_message(ends: Ends) -> None:
    out, into = os.pipe()
    wire.send(ends[0], "here", [into])
    os.close(into)
    _, (passed,) = wire.receive(ends[1], 1) or ("", ())
    os.write(passed, b"through")
    assert os.read(out, 10) == b"through"
    assert not os.get_inheritable(passed)
    os.close(passed)
    os.close(out)


@pytest.mark.parametrize("sent", [b'"one more"', b"{no json", b"", b'"' + b"x" * DATAGRAM_BYTES + b'"'])
def test_descriptors_that_nobody_wants_are_closed(ends: Ends, sent: bytes) -> None:
    out, into = os.pipe()
    socket.send_fds(ends[0], [sent], [into, into])
    os.close(into)
    with suppress(ValueError, wire.CutDatagram):
        _, passed = wire.receive(ends[1], 1) or ("", [])
        wire.close_all(passed)
    assert os.read(out, 1) == b""
    os.close(out)


def test_a_value_that_json_does_not_know_is_sent_as_text_and_half_a_character_as_a_question_mark(ends: Ends) -> None:
    wire.send(ends[0], {"path": os.PathLike, "half": "\ud800"})
    received, _ = wire.receive(ends[1]) or ({}, [])
    assert received == {"path": str(os.PathLike), "half": "?"}


def test_a_message_that_is_too_long_is_refused_by_its_sender(ends: Ends) -> None:
    wire.send(ends[0], "x" * (DATAGRAM_BYTES - 2))
    with pytest.raises(ValueError, match=str(DATAGRAM_BYTES)):
        wire.send(ends[0], "x" * (DATAGRAM_BYTES - 1))


def test_a_datagram_that_was_cut_is_an_error(ends: Ends) -> None:
    ends[0].send(b'"' + b"x" * DATAGRAM_BYTES + b'"')
    with pytest.raises(wire.CutDatagram):
        wire.receive(ends[1])


def test_there_is_no_message_when_the_other_end_is_closed(ends: Ends) -> None:
    ends[0].close()
    assert wire.receive(ends[1]) is None


def test_an_unsupported_platform_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    wire.check_platform()
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(wire.UnsupportedPlatform) as error:
        wire.check_platform()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_no_database_stores_as_json_cannot_be_read(ends: Ends, number: float) -> None:
    wire.send(ends[0], {"number": number})
    with pytest.raises(ValueError, match="is not JSON"):
        wire.receive(ends[1])
