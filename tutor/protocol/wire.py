"""The transport: JSON datagrams over pairs of SOCK_SEQPACKET sockets, with file descriptors passed along.

Linux (WSL too) has this kind of socket: it keeps the borders of messages and reports that the other end is closed.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from array import array
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

from .limits import DATAGRAM_BYTES

INT = array("i").itemsize
BUFFER_BYTES = 512 * 1024
"""The size of a socket's buffer: a burst of messages seldom has to wait for its reader."""


class UnsupportedPlatform(RuntimeError):
    """This machine lacks what a lab needs."""


class TooLong(ValueError):
    """A message is longer than a datagram may be."""


class CutDatagram(RuntimeError):
    """A datagram was longer than its reader's buffer, so its end is lost."""


def check_platform() -> None:
    """Raise UnsupportedPlatform, with a message of one line, where labs can't run."""
    if not sys.platform.startswith("linux") or not hasattr(socket, "SOCK_SEQPACKET"):
        raise UnsupportedPlatform("Task Tutor's labs need Linux (WSL is fine): fork and SOCK_SEQPACKET sockets.")


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets. Other programs don't inherit them."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
    return ends


def send(end: socket.socket, message: Any, descriptors: Sequence[int] = ()) -> int:
    """Send `message` as one datagram; return the nanoseconds that it waited for room in the buffer.

    What JSON doesn't know is sent as its `str`. Raises TooLong, and OSError if the other end is closed.
    """
    data = json.dumps(message, default=str, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(data) > DATAGRAM_BYTES:
        raise TooLong(f"A datagram of {len(data)} bytes is longer than {DATAGRAM_BYTES}.")
    # Not `socket.send_fds`, which ignores its flags.
    passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))] if descriptors else []
    try:
        end.sendmsg([data], passed, socket.MSG_DONTWAIT)
    except BlockingIOError:
        began = time.monotonic_ns()
        end.sendmsg([data], passed)
        return time.monotonic_ns() - began
    return 0


def readable(descriptors: Iterable[int], seconds: float | None = None) -> list[int]:
    """Return those of `descriptors` that have something to read or are closed at their other end.

    Waits for the first one up to `seconds`; without end if that is None. `select.select` would refuse descriptors from
    1024 on, which a site with many sockets has.
    """
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(None if seconds is None else seconds * 1000)]


def receive(end: socket.socket, most: int = 0) -> tuple[Any, list[int]] | None:
    """Return the next message and up to `most` descriptors that came with it; None if the other end is closed.

    Linux closes further descriptors. Raises CutDatagram, and ValueError or RecursionError if the message isn't JSON;
    then all descriptors are closed.
    """
    try:
        data, passed, flags, _ = end.recvmsg(DATAGRAM_BYTES, socket.CMSG_LEN(most * INT), socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    descriptors = array("i", b"".join(each for _, kind, each in passed if kind == socket.SCM_RIGHTS))
    with ExitStack() as unwanted:
        unwanted.callback(close_all, descriptors)
        if flags & socket.MSG_TRUNC:
            raise CutDatagram(f"A datagram was longer than {DATAGRAM_BYTES} bytes.")
        if not data:
            return None
        message = json.loads(data)
        unwanted.pop_all()
    return message, list(descriptors)


def close_all(descriptors: Iterable[int]) -> None:
    """Close all of `descriptors`."""
    for descriptor in descriptors:
        os.close(descriptor)


def as_socket(descriptor: int) -> socket.socket:
    """Return the socket that was passed as `descriptor`, which it owns then. Raises ValueError if it isn't one."""
    try:
        return socket.socket(fileno=descriptor)
    except OSError as error:
        os.close(descriptor)
        raise ValueError("a descriptor that was passed is no socket") from error
