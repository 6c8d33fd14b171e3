"""What is done to a fleet, and how it is repaired: as systemd would, or an operator."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psutil
import redis

from ..fleet.part import Part
from ..fleet.whole import Fleet, LabHost
from ..services import Server

RESTART_S = 2.0
"""Seconds until systemd starts again what has ended; see the units."""
CUT_S = 20.0
"""How long a lab host is cut off, or paused: longer than a lease."""
CLUSTER = "tutor.engine.workers"
"""The program of a lab host's workers."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One thing that is done to a fleet."""

    what: str
    do: Callable[[], Any]
    """Does it, and repairs it."""
    host: LabHost | None = None
    """The lab host whose runs may be lost by it."""


def disturbances(fleet: Fleet) -> Iterator[Disturbance]:
    """Yield what is done to a fleet: to one part after the other, each time to another one of its kind, for ever."""
    number = 0
    while True:
        yield from of_each_kind(fleet, fleet.web[number % len(fleet.web)], turned(fleet.labs, number))
        number += 1


def turned(labs: Sequence[LabHost], number: int) -> list[LabHost]:
    return [labs[(number + each) % len(labs)] for each in range(3)]


def of_each_kind(fleet: Fleet, web: Part, labs: Sequence[LabHost]) -> Iterator[Disturbance]:
    first, second, third = labs
    yield Disturbance(f"{web.name} is killed", partial(killed, web))
    yield Disturbance(f"{first.name} is killed", partial(killed, first), first)
    yield Disturbance("Redis is restarted", partial(restarted, fleet.redis))
    yield Disturbance(f"a worker of {second.name} is killed", partial(worker_killed, second), second)
    yield Disturbance("PostgreSQL is killed", partial(killed, fleet.database))
    if third.network:
        yield Disturbance(f"{third.name} is cut off for {CUT_S:g} s", partial(cut_off, third), third)
    yield Disturbance("Redis is killed and has lost everything", partial(emptied, fleet.redis))
    yield Disturbance(f"the cluster of {first.name} is killed", partial(cluster_killed, first), first)
    yield Disturbance("nginx is killed", partial(killed, fleet.proxy))
    yield Disturbance("PostgreSQL is restarted", partial(restarted, fleet.database))
    yield Disturbance(f"{second.name} is paused for {CUT_S:g} s", partial(paused, second), second)
    yield Disturbance(f"{third.name} is restarted as by an operator", third.restart)
    yield Disturbance(f"{web.name} is restarted as by an operator", web.restart)


def killed(part: Part | Server) -> None:
    part.kill()
    time.sleep(RESTART_S)
    part.start()


def restarted(server: Server) -> None:
    server.stop()
    time.sleep(RESTART_S)
    server.start()


def emptied(server: Server) -> None:
    """Kill Redis; it reads nothing when it starts again, and what it may have read is deleted."""
    killed(server)
    redis.from_url(server.address).flushall()


def cluster_of(host: LabHost) -> psutil.Process:
    """Return the first process of a lab host's cluster."""
    return next(each for each in psutil.Process(host.pid).children() if CLUSTER in each.cmdline())


def cluster_killed(host: LabHost) -> None:
    """Kill the cluster's first process; the lab host itself repairs that."""
    cluster_of(host).kill()


def worker_killed(host: LabHost) -> None:
    """Kill the worker that is busiest; the cluster itself repairs that."""
    (sentinel,) = cluster_of(host).children()
    max(sentinel.children(), key=lambda each: each.num_threads()).send_signal(signal.SIGKILL)


def cut_off(host: LabHost) -> None:
    assert host.network
    host.network.cut()
    time.sleep(CUT_S)
    host.network.reconnect()


def paused(host: LabHost) -> None:
    host.pause()
    time.sleep(CUT_S)
    host.resume()
