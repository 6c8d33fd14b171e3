"""A campaign in which the store fails for a while, in one way after another, while a run goes on."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psutil

from ..leases import OF_TASKS, state_of, until
from ..served_site import Browser, Site, arrivals, get, new_site, serving
from ..store import SETTINGS, TIMEOUT_S
from .signals import LATE_S
from .trial import Campaign, Trial

FAILS_S = 4.0
"""How long the store fails: longer than the run goes on."""
READ_ONLY = "/proc/tutor"
"""A folder that nobody can create."""
START_S = 30.0


@contextmanager
def locked(site: Site, pid: int) -> Iterator[None]:
    """Another program holds the lock for writing."""
    with site.locked():
        yield


@contextmanager
def full(site: Site, pid: int) -> Iterator[None]:
    """No file of the site can grow, as on a disk that is full."""
    process = psutil.Process(pid)
    before = process.rlimit(resource.RLIMIT_FSIZE)
    process.rlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        process.rlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def missing(site: Site, pid: int) -> Iterator[None]:
    """The table of events is gone."""
    rename(site, "runs_event", "away")
    try:
        yield
    finally:
        rename(site, "away", "runs_event")


def rename(site: Site, table: str, new: str) -> None:
    with closing(sqlite3.connect(site.path, timeout=TIMEOUT_S)) as store:
        store.execute(f'ALTER TABLE "{table}" RENAME TO "{new}"')


FAILURES = {"locked": locked, "full": full, "missing": missing}


def broken_store(tries: int) -> Iterator[Trial]:
    """Break the store of one site again and again; in between, start a site whose folder can't be written to."""
    with new_site() as site, serving(site) as process:
        undisturbed = Browser(site).press({})
        arrivals(site, undisturbed)
        whole = of_tasks(site, undisturbed)
        for number in range(tries):
            name = [*FAILURES, "read-only"][number % (len(FAILURES) + 1)]
            try:
                yield start_without_store() if name == "read-only" else run_through(site, process.pid, name, whole)
            except Exception as error:
                yield Trial(f"{name}: {type(error).__name__}: {error}")


def run_through(site: Site, pid: int, name: str, whole: Counter[str]) -> Trial:
    """Start a run, let the store fail while it goes on, and see that all of it is stored soon afterwards."""
    run = Browser(site).press({})
    with FAILURES[name](site, pid):
        time.sleep(FAILS_S)
        served = get(site.base, {})[1]
        left = sum(1 for _ in site.var.glob("labs/*/*/session"))
    began = time.monotonic()
    until(lambda: state_of(site, run) == "ended", 2 * LATE_S)
    seconds = time.monotonic() - began
    lost = (whole - of_tasks(site, run)).total()
    wrong = not served or state_of(site, run) != "ended" or seconds > LATE_S
    return Trial(f"{name}: {state_of(site, run)} {seconds:.1f} s afterwards" if wrong else None, lost, left, seconds)


def of_tasks(site: Site, run: str) -> Counter[str]:
    """Return kind → number, of the events that each run of the same inputs has. Whether a gate waits differs."""
    return Counter(event.kind for event in site.events(run) if event.kind in OF_TASKS)


def start_without_store() -> Trial:
    """Start a site whose folder can't be written to; it says so in a line, and ends."""
    environment = {**os.environ, **SETTINGS, "TUTOR_VAR": READ_ONLY}
    command = [sys.executable, "-m", "tutor.serve", "8009"]
    began = time.monotonic()
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_S, check=False)
    lines = ended.stderr.strip().splitlines()
    wrong = ended.returncode == 0 or len(lines) != 1
    return Trial(f"read-only: {lines}" if wrong else None, seconds=time.monotonic() - began)


STORE = {
    "store": Campaign(
        "while the store fails, pages are served; soon after, the run that went on is stored whole", broken_store, 40
    ),
}
