"""The transport: JSON datagrams, with file descriptors, over pairs of SOCK_SEQPACKET sockets.

Linux, including WSL, has these sockets. They preserve message boundaries and report that the other end is closed.
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
"""The size of a socket's send buffer, so that a burst of messages seldom waits for its reader."""


class UnsupportedPlatform(RuntimeError):
    """This platform doesn't support labs."""


class TooLong(ValueError):
    """A message exceeds the maximum size of a datagram."""


class CutDatagram(RuntimeError):
    """A datagram exceeded the reader's buffer and was truncated."""


def check_platform() -> None:
    """Raise UnsupportedPlatform, with a one-line message, if labs can't run on this platform."""
    if not sys.platform.startswith("linux") or not hasattr(socket, "SOCK_SEQPACKET"):
        raise UnsupportedPlatform("Task Tutor's labs need Linux or WSL, for fork and SOCK_SEQPACKET sockets.")


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected sockets, which aren't inherited by other programs."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
    return ends


def send(end: socket.socket, message: Any, descriptors: Sequence[int] = ()) -> int:
    """Send `message` as one datagram; return the nanoseconds that it waited for room in the buffer.

    Values that JSON can't represent are sent as `str`. Raises TooLong, and OSError if the other end is closed.
    """
    data = json.dumps(message, default=str, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(data) > DATAGRAM_BYTES:
        raise TooLong(f"A message of {len(data)} bytes exceeds the maximum of {DATAGRAM_BYTES} bytes.")
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
    """Return the `descriptors` that can be read or whose other end is closed.

    Wait for the first one for up to `seconds`, or forever if that is None. `select.select` doesn't support descriptors
    from 1024 on, which a site with many sockets has.
    """
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(None if seconds is None else seconds * 1000)]


def receive(end: socket.socket, most: int = 0) -> tuple[Any, list[int]] | None:
    """Return the next message and up to `most` descriptors that came with it; None if the other end is closed.

    Linux closes further descriptors. Raises CutDatagram, and ValueError or RecursionError if the message isn't valid
    JSON. In these cases, all descriptors are closed.
    """
    try:
        data, passed, flags, _ = end.recvmsg(DATAGRAM_BYTES, socket.CMSG_LEN(most * INT), socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    descriptors = array("i", b"".join(each for _, kind, each in passed if kind == socket.SCM_RIGHTS))
    with ExitStack() as unwanted:
        unwanted.callback(close_all, descriptors)
        if flags & socket.MSG_TRUNC:
            raise CutDatagram(f"A datagram exceeded the maximum of {DATAGRAM_BYTES} bytes and was truncated.")
        if not data:
            return None
        message = json.loads(data, parse_constant=refuse)
        unwanted.pop_all()
    return message, list(descriptors)


def refuse(constant: str) -> None:
    """Raise ValueError for NaN and the infinities, which Python reads and no database stores."""
    raise ValueError(f"{constant} is not JSON")


def close_all(descriptors: Iterable[int]) -> None:
    """Close all of `descriptors`."""
    for descriptor in descriptors:
        os.close(descriptor)


def as_socket(descriptor: int) -> socket.socket:
    """Return a socket that owns `descriptor`. Raises ValueError, and closes it, if it isn't a socket."""
    try:
        return socket.socket(fileno=descriptor)
    except OSError as error:
        os.close(descriptor)
        raise ValueError("a passed descriptor isn't a socket") from error
