"""The transport: JSON datagrams over SOCK_SEQPACKET pairs, with descriptors passed beside them.

Linux has this kind of socket (WSL too): it keeps the borders of messages and says when the other end is gone.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from .limits import DATAGRAM_BYTES

MAX_DESCRIPTORS = 4
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


def receive(end: socket.socket) -> tuple[Any, list[int]] | None:
    """The next message and the descriptors beside it; None when the other end is gone. Raises CutDatagram."""
    try:
        data, descriptors, flags, _ = socket.recv_fds(end, DATAGRAM_BYTES, MAX_DESCRIPTORS)
    except ConnectionResetError:
        return None
    if flags & socket.MSG_TRUNC:
        raise CutDatagram(f"A datagram was longer than {DATAGRAM_BYTES} bytes.")
    if not data:
        return None
    return json.loads(data), descriptors
