"""The transport: JSON datagrams over SOCK_SEQPACKET pairs, with descriptors passed beside them.

Linux has this kind of socket (WSL too): it keeps the borders of messages and says when the other end is gone.
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
ROOM = 512 * 1024
"""Bytes of a socket's buffer, so that a burst seldom has to wait for its reader."""


class UnsupportedPlatform(RuntimeError):
    """This machine lacks what a lab needs."""


class TooLong(ValueError):
    """A message is longer than a datagram may be."""


class CutDatagram(RuntimeError):
    """A datagram was longer than its reader's buffer; nothing of it can be trusted."""


def check_platform() -> None:
    """Raise UnsupportedPlatform, in one line, where labs can't run."""
    if not sys.platform.startswith("linux") or not hasattr(socket, "SOCK_SEQPACKET"):
        raise UnsupportedPlatform("Task Tutor's labs need Linux (WSL is fine): fork and SOCK_SEQPACKET sockets.")


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends, neither inherited by other programs."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
    return ends


def send(end: socket.socket, message: Any, descriptors: Sequence[int] = ()) -> int:
    """Send `message` as one datagram; returns the nanoseconds that it had to wait for room. Raises TooLong, OSError."""
    data = json.dumps(message, default=str, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(data) > DATAGRAM_BYTES:
        raise TooLong(f"A datagram of {len(data)} bytes is longer than {DATAGRAM_BYTES}.")
    # Not by `socket.send_fds`, which drops its flags.
    beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))] if descriptors else []
    try:
        end.sendmsg([data], beside, socket.MSG_DONTWAIT)
    except BlockingIOError:
        began = time.monotonic_ns()
        end.sendmsg([data], beside)
        return time.monotonic_ns() - began
    return 0


def readable(descriptors: Iterable[int], seconds: float | None = None) -> list[int]:
    """Those of `descriptors` that something, or an end, has come to; waits up to `seconds`, None being for ever.

    Not by `select.select`, which refuses the descriptors from 1024 on that a site with many sockets gives out.
    """
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(None if seconds is None else seconds * 1000)]


def receive(end: socket.socket, most: int = 0) -> tuple[Any, list[int]] | None:
    """The next message and up to `most` descriptors beside it; None when the other end is gone.

    Linux closes the descriptors that are beyond that. Raises CutDatagram, and ValueError or RecursionError for what is
    no JSON; then nothing stays open.
    """
    try:
        data, beside, flags, _ = end.recvmsg(DATAGRAM_BYTES, socket.CMSG_LEN(most * INT), socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    passed = array("i", b"".join(each for _, kind, each in beside if kind == socket.SCM_RIGHTS))
    with ExitStack() as unwanted:
        unwanted.callback(close_all, passed)
        if flags & socket.MSG_TRUNC:
            raise CutDatagram(f"A datagram was longer than {DATAGRAM_BYTES} bytes.")
        if not data:
            return None
        message = json.loads(data)
        unwanted.pop_all()
    return message, list(passed)


def close_all(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def as_socket(descriptor: int) -> socket.socket:
    """The socket that was passed as `descriptor`, which it owns from now on. Raises ValueError if it is none."""
    try:
        return socket.socket(fileno=descriptor)
    except OSError as error:
        os.close(descriptor)
        raise ValueError("what was passed is no socket") from error
