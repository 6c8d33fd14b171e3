"""A class that follows one live run: how long a step takes to the last of its sockets."""

from __future__ import annotations

import json
import resource
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from django.core.management import CommandError

from tutor.runs.execution import record
from tutor.runs.models import Event, Run
from tutor.runs.recorder import Recorder

from .broadcasting import ADDRESS, KEPT
from .figures import Figure, below, p95, plain
from .followed_site import FIELDS, STEPS
from .labs import lab_host
from .lesson import measured_lesson
from .measured_process import DISCARDED, Errors, Process
from .scale import spec

EVENTS, MESSAGE = "events.json", "message.json"
BOUND = 1.5
"""How many times as long as the bare broadcast the site may take, in addition to its time for one follower."""
START_S = 180.0
EVENTS_OF_A_TASK = 20
MEMBERS = (50, 200, 500, 1000)
"""The sizes of the measured classes."""
PROCESSES = 2
"""The processes that the sockets are in."""
PAUSE_S = 0.2
"""Seconds from a step at the last socket to the next step: enough for the sockets' reports to be read."""
WARM_UP = 2
"""The first steps, which aren't measured."""
LONGEST = 30
"""The maximum number of measured steps."""


def followers(rounds: int, members: Sequence[int] = MEMBERS) -> Iterator[Figure]:
    """Steps of a live run at classes of real websockets, beside a bare broadcast and `group_send` of the same bytes."""
    steps = max(1, min(rounds, LONGEST)) + WARM_UP
    with recorded_run(steps) as folder:
        alone, _ = at_the_site(folder, 1, steps)
        yield plain("1 follower: event to its socket", "ms", alone)
        for each in members:
            ours, socket_kib = at_the_site(folder, each, steps)
            bare, group = (broadcast(folder, kind, each, steps) for kind in ("bare", "group_send"))
            bound = round(BOUND * p95(bare) + median(alone))
            yield below(f"{each} followers: event to the last socket", "ms", ours, bound, of="p95")
            yield plain(f"{each} sockets: a bare broadcast of the same bytes", "ms", bare)
            yield plain(f"{each} sockets: group_send of the same bytes", "ms", group)
            yield plain(f"{each} followers: memory of a socket", "KiB", [socket_kib])


@contextmanager
def recorded_run(steps: int) -> Iterator[Path]:
    """Record the events of a run with at least that many steps; return their folder, which is removed afterwards."""
    if find_spec("websockets") is None:
        raise CommandError("This needs the development dependencies: make install-dev")
    allow_files()
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / EVENTS).write_text(json.dumps(recorded_events(steps)), encoding="utf-8")
        yield folder


def recorded_events(steps: int) -> list[dict[str, Any]]:
    """Return the events of a run in a real lab that make at least that many steps of the measured lesson."""
    events: list[Event] = []
    tasks = -(-steps // len(STEPS))
    run = Run(lesson=measured_lesson().slug, knobs=measured_lesson().defaults)
    recorder = Recorder(run, events.extend)
    recorder.ask(run.lesson, version="", program="")
    with lab_host() as host, host.open(spec(tasks, EVENTS_OF_A_TASK * tasks), "followers") as lab:
        record(lab, recorder)
    return [{name: getattr(event, name) for name in FIELDS} for event in events]


@contextmanager
def live_site(folder: Path, name: str, errors: Errors = DISCARDED) -> Iterator[tuple[Process, str]]:
    """Serve a site with a live run of the events in `folder`; return it with the address of the run's websocket."""
    port = free_port()
    environment = {"TUTOR_VAR": str(folder / name)}
    with Process("followed_site", str(port), str(folder / EVENTS), environment=environment, errors=errors) as site:
        run = site.read()
        wait_for(port)
        yield site, f"ws://{ADDRESS}:{port}/ws/runs/{run}/"


def at_the_site(folder: Path, members: int, steps: int) -> tuple[list[float], float]:
    """Return the milliseconds to the last socket, step by step, and the KiB that the site has grown by for a socket."""
    with live_site(folder, f"site-{members}") as (site, address):
        process = psutil.Process(site.process.pid)
        before = process.memory_info().rss
        times = last_arrivals(site, address, members, steps, folder)
        return times, (process.memory_info().rss - before) / members / 1024


def broadcast(folder: Path, kind: str, members: int, steps: int) -> list[float]:
    """Return the milliseconds to the last socket of a server that sends the last message of the site."""
    with broadcasting(folder, kind) as (server, address):
        return last_arrivals(server, address, members, steps)


@contextmanager
def broadcasting(folder: Path, kind: str) -> Iterator[tuple[Process, str]]:
    """Start a server that sends the last message of the site; return it with the address of its websocket."""
    port = free_port()
    with Process("broadcasting", kind, str(port), str(folder / MESSAGE)) as server:
        server.read()
        wait_for(port)
        yield server, f"ws://{ADDRESS}:{port}/"


def last_arrivals(server: Process, address: str, members: int, steps: int, folder: Path | None = None) -> list[float]:
    """Return the milliseconds from each message of `server` to the last of `members` sockets, without the first ones.

    The last message is kept in `folder`.
    """
    with member_sockets(address, members, folder) as sockets:
        return [next_arrival(server.ask, sockets) for _ in range(steps)][WARM_UP:]


@contextmanager
def member_sockets(address: str, members: int, folder: Path | None = None, other: str = "") -> Iterator[list[Process]]:
    """Open the sockets of a class, in two processes, the second of which can have another address than the first.

    The last message is kept in `folder`.
    """
    kept = {KEPT: str(folder / MESSAGE)} if folder else {}
    with ExitStack() as ending:
        shares = [members // PROCESSES + (number < members % PROCESSES) for number in range(PROCESSES)]
        sockets = [
            ending.enter_context(Process("member_sockets", each, origin_of(each), str(share), environment=kept))
            for each, share in zip((address, other or address), shares, strict=True)
            if share
        ]
        for each in sockets:
            each.read()
        yield sockets


def origin_of(address: str) -> str:
    """Return the origin of the pages that may open the websocket `address`."""
    return address.replace("ws:", "http:").partition("/ws/")[0].rstrip("/")


def next_arrival(ask: Callable[[], str], sockets: Sequence[Process]) -> float:
    """Have a server send its next message; return the milliseconds until the last of the sockets has got it.

    `ask` returns the monotonic nanosecond before that.
    """
    return max(next_arrivals(ask, sockets))


def next_arrivals(ask: Callable[[], str], sockets: Sequence[Process]) -> list[float]:
    """Have a server send its next message; return the milliseconds until the last socket of each process has got it."""
    time.sleep(PAUSE_S)
    sent = int(ask())
    return [(int(each.read()) - sent) / 1e6 for each in sockets]


def free_port() -> int:
    with socket.socket() as end:
        end.bind((ADDRESS, 0))
        return int(end.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until a server accepts connections; raise TimeoutError if it doesn't start."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection((ADDRESS, port)):
            return
        time.sleep(0.05)
    raise TimeoutError("The server did not start.")


def allow_files() -> None:
    """Let this process and its children open as many sockets as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
