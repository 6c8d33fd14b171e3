"""Leases: what happens to runs if the store is locked, or if the process that executes them is stopped or killed."""

from __future__ import annotations

import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tutor.runs.models import Event
from tutor.runs.reaper import ENDED

from .hosts import Host, hosts
from .store import Store

POLL_S = 0.02
END_S = 60.0
"""Maximum seconds until a run has ended, once nothing hinders it."""
REAPED_WITHIN_S = 5.0
"""Maximum seconds, beyond a lease, until the run of a killed host has ended."""
OF_TASKS = ("queued", "picked", "started", "finished", "stored", "acknowledged")
"""The kinds of events of which each run of the same inputs has the same number."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run of a scenario went through."""

    run: str
    deviation: str
    """How it deviates from the promise; empty if it doesn't."""
    events: int
    after_s: float
    """Seconds until its end was stored, from when the store, the host or another host was there again."""
    outcome: str
    reason: str


def locked(store: Store, lease_s: float, seconds: float) -> Iterator[Result]:
    """The store is locked for `seconds` while two hosts execute runs."""
    with hosts(store, 2, lease_s) as both:
        undisturbed = ended_run(store, both[0].start_run())
        runs = [started_run(store, host) for host in both]
        with store.locked():
            time.sleep(seconds)
        yield from (result(store, run, time.monotonic(), whole(undisturbed)) for run in runs)


def stopped(store: Store, lease_s: float, seconds: float) -> Iterator[Result]:
    """A host is stopped by SIGSTOP for `seconds` while it executes a run and another host is at work."""
    with hosts(store, 2, lease_s) as (host, _):
        run = started_run(store, host)
        host.process.send_signal(signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            host.process.send_signal(signal.SIGCONT)
        yield result(store, run, time.monotonic(), ended_by_its_lab)


def killed(store: Store, lease_s: float, seconds: float) -> Iterator[Result]:
    """A host is killed while it executes a run, and another host is at work."""
    with hosts(store, 2, lease_s) as (host, _):
        run = started_run(store, host)
        host.process.kill()
        host.process.wait()
        yield result(store, run, time.monotonic(), reaped, lease_s + REAPED_WITHIN_S)


def restarted(store: Store, lease_s: float, seconds: float) -> Iterator[Result]:
    """The only host is killed while it executes a run; then another one is started."""
    with hosts(store, 1, lease_s) as (host,):
        run = started_run(store, host)
        host.process.kill()
        host.process.wait()
    with hosts(store, 1, lease_s):
        yield result(store, run, time.monotonic(), reaped, lease_s + REAPED_WITHIN_S)


SCENARIOS: dict[str, tuple[str, Callable[[Store, float, float], Iterator[Result]]]] = {
    "locked": ("while the store is locked, runs go on and lose no event", locked),
    "stopped": ("a run of a host that was stopped goes on, or its lab ends it", stopped),
    "killed": ("another host ends the run of a host that was killed", killed),
    "restarted": ("a host that is started again ends the run of its predecessor", restarted),
}
"""Name → its promise, and the function that plays it and yields a result for each run."""


@contextmanager
def new_store() -> Iterator[Store]:
    """Yield a store in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        yield Store(Path(folder))


def started_run(store: Store, host: Host) -> str:
    """Start a run; return its public id when its task has started."""
    run = host.start_run()
    until(lambda: any(event.kind == "started" for event in store.events(run)), END_S)
    return run


def ended_run(store: Store, run: str, seconds: float = END_S) -> list[Event]:
    """Wait up to `seconds` until a run has ended, and return its events."""
    until(lambda: state_of(store, run) == "ended", seconds)
    return store.events(run)


def state_of(store: Store, run: str) -> str:
    return str(store.read("SELECT state FROM runs_run WHERE public_id = ?", run)[0][0])


def result(
    store: Store, run: str, since: float, deviation: Callable[[list[Event]], str], seconds: float = END_S
) -> Result:
    """Wait up to `seconds` for the end of `run` and compare it with the promise. `since` is a monotonic second."""
    events = ended_run(store, run, seconds)
    after_s = time.monotonic() - since
    kinds = [event.kind for event in events]
    if state_of(store, run) != "ended":
        return Result(run, f"it had not ended after {after_s:.0f} s", len(events), after_s, "", "")
    if kinds.count("ended") != 1 or kinds[-1] != "ended":
        found = f"it has these ends: {[number for number, kind in enumerate(kinds, 1) if kind == 'ended']}"
    elif [event.number for event in events] != list(range(1, len(events) + 1)):
        found = "events are missing"
    else:
        found = deviation(events)
    end = events[-1].payload
    return Result(run, found, len(events), after_s, end.get("outcome", ""), end.get("reason", ""))


def whole(undisturbed: list[Event]) -> Callable[[list[Event]], str]:
    """Return a function that tells how a run deviates from an undisturbed one."""

    def deviation(events: list[Event]) -> str:
        ends = [each[-1].payload for each in (events, undisturbed)]
        if ends[0] != ends[1]:
            return f"it ended with {ends[0]}, an undisturbed run with {ends[1]}"
        counts = [Counter(event.kind for event in each if event.kind in OF_TASKS) for each in (events, undisturbed)]
        return "" if counts[0] == counts[1] else f"it has these events: {counts[0]}, an undisturbed run {counts[1]}"

    return deviation


def ended_by_its_lab(events: list[Event]) -> str:
    return "a reaper ended it" if events[-1].payload["outcome"] == "lost" else ""


def reaped(events: list[Event]) -> str:
    end = events[-1].payload
    return "" if end == {"outcome": "lost", "reason": ENDED} else f"it ended with {end}"


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until `condition` is true, at most `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL_S)
