"""What a process of a lab sends out, and where it asks what to do. One per process, found by its module.

Every process of a lab is a fork of its keeper, so the sockets are there already; what must not be shared (the sequence,
the role) begins anew after each fork.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tutor.protocol import wire
from tutor.protocol.limits import Limits
from tutor.protocol.when import When

from .observe import alarms

lane = "lab"
limits = Limits()
breakpoints: tuple[When, ...] = ()
tasks_read: list[tuple[str, int]] = []
"""The Task rows (id, attempt_count) that this process has read since it last sent something."""
_seq = 0
_blocked_ns = 0
_out: socket.socket | None = None
_asks: socket.socket | None = None
_lock = threading.RLock()


def open_with(out: socket.socket, asks: socket.socket, bounds: Limits, asked_at: Sequence[Mapping[str, Any]]) -> None:
    """Use these sockets from now on, in this process and in all that it forks."""
    global _out, _asks, limits, breakpoints  # noqa: PLW0603
    _out, _asks, limits = out, asks, bounds
    breakpoints = tuple(map(When.from_json, asked_at))


def enter(role: str) -> None:
    """Say which role this process has: its lane."""
    global lane  # noqa: PLW0603
    lane = role


def begin_anew() -> None:
    """Forget what belongs to the process that this one is a fork of."""
    global _seq, _blocked_ns, _lock  # noqa: PLW0603
    _seq = _blocked_ns = 0
    _lock = threading.RLock()
    tasks_read.clear()


os.register_at_fork(after_in_child=begin_anew)


@alarms.undisturbed
def emit(kind: str, payload: Mapping[str, Any], *, at: int | None = None, stoppable: bool = True) -> None:
    """Send one observation, of now or of the moment `at`; then do what the run's spec wants done at it."""
    global _seq, _blocked_ns  # noqa: PLW0603
    if _out is None:
        return
    with _lock:
        _seq += 1
        message: dict[str, Any] = {
            "seq": _seq,
            "pid": os.getpid(),
            "lane": lane,
            "at": at or time.monotonic_ns(),
            "kind": kind,
            "payload": {**payload, **news()},
        }
        try:
            _blocked_ns = send(_out, message)
        except OSError:
            os._exit(1)  # The host is gone; the keeper ends the rest.
    if stoppable:
        stop_at(kind, payload)


def news() -> dict[str, Any]:
    """What is told beside whatever is sent next: rows read meanwhile, and how long the socket was full."""
    told: dict[str, Any] = {}
    if tasks_read:
        told["read"] = list(dict.fromkeys(tasks_read))[-20:]
        tasks_read.clear()
    if _blocked_ns:
        told["blocked_ns"] = _blocked_ns
    return told


def send(out: socket.socket, message: dict[str, Any]) -> int:
    """Send `message`, its texts cut down until they fit into a datagram; returns the ns that it waited for room."""
    for most in (None, 400, 80, 10):
        if most:
            message["payload"] = shortened(message["payload"], most)
        try:
            return wire.send(out, message)
        except wire.TooLong:
            continue
    message["payload"] = {}
    return wire.send(out, message)


def shortened(value: Any, most: int) -> Any:
    """`value` with each text in it cut to `most` characters."""
    if isinstance(value, str):
        return value if len(value) <= most else f"{value[: most - 1]}…"
    if isinstance(value, Mapping):
        return {name: shortened(each, most) for name, each in value.items()}
    return [shortened(each, most) for each in value] if isinstance(value, list | tuple) else value


def stop_at(kind: str, payload: Mapping[str, Any]) -> None:
    """Ask the host what to do, if the spec names this event, and do it."""
    if any(each.matches(kind, lane, payload) for each in breakpoints):
        ask(kind, payload)


def settle(task: str) -> None:
    """Say that all has come that follows from the result of `task`. It is no event, but lets the host end the run."""
    if _asks is not None:
        wire.send(_asks, {"settled": task})


def ask(kind: str, payload: Mapping[str, Any]) -> None:
    from django.db import connections

    mine, theirs = wire.pair()
    began = time.monotonic_ns()
    known = {name: value for name, value in payload.items() if isinstance(value, str | int | float | bool | None)}
    question = {
        "kind": kind,
        "lane": lane,
        "payload": known,
        "in_transaction": any(each.in_atomic_block for each in connections.all(initialized_only=True)),
    }
    assert _asks is not None
    wire.send(_asks, question, [theirs.fileno()])
    theirs.close()
    answer = wire.receive(mine)
    mine.close()
    if answer is None:
        os._exit(1)  # The host is gone.
    for order in answer[0]:
        carry_out(order, time.monotonic_ns() - began)


def carry_out(order: Mapping[str, Any], waited_ns: int) -> None:
    """Do one thing that the host answered: go on through a gate, or an intervention."""
    if order["do"] == "go":
        emit("gate", {"name": order["name"], "waited_ns": waited_ns}, stoppable=False)
        return
    if order["do"] == "pass":
        text = f"The gate “{order['name']}” was passed by: inside a transaction it would hold others up."
        emit("logged", {"level": "WARNING", "text": text}, stoppable=False)
        return
    told = {name: order[name] for name in ("event", "count", "seconds") if order.get(name)}
    emit("intervened", {"action": order["do"], **told}, stoppable=False)
    if order["do"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order["do"] == "raise":
        raise RuntimeError("Raised on purpose, as this run was asked to")
    elif order["do"] == "slow":
        be_slow(order["seconds"])


def be_slow(seconds: float) -> None:
    """Let that time pass, but for an alarm that comes meanwhile: a slow task is interrupted by its timeout too."""
    until = time.monotonic() + seconds
    while not alarms.noted and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.02))
