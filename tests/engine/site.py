"""A site whose runs are executed by lab hosts: PostgreSQL, Redis, and a process that asks for runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.browser.site import ROOT
from tutor.benchmarks.child import start_child
from tutor.benchmarks.services import Server

LEASE_S = 2.0
WAIT_S = 90.0


@dataclass
class EngineSite:
    """The store, Redis, and what a process of the site is started with."""

    store: Server
    redis: Server
    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    def environment(self, role: str) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": "tutor.settings",
            "DATABASE_URL": self.store.address,
            "TUTOR_REDIS_URL": self.redis.address,
            "TUTOR_ROLE": role,
            "TUTOR_VAR": str(self.folder / role),
            "TUTOR_SECRET_KEY": "of a test, and so of no use to anybody who reads it here",
            "TUTOR_LEASE_S": str(LEASE_S),
            "TUTOR_MAX_LABS": "2",
            "TUTOR_REFERENCE_RUNS": "0",
        }
        return {**os.environ, **own, **self.more}

    def start(self, role: str, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        """Start a Python process of the site, which ends with this one."""
        return start_child([sys.executable, *arguments], env=self.environment(role), cwd=ROOT, text=True, **more)

    @contextmanager
    def lab_host(self) -> Iterator[subprocess.Popen[str]]:
        """Run a lab host during the block, which may end it."""
        before = self.hosts()
        process = self.start("labs", "manage.py", "lab_host", stdout=subprocess.PIPE)
        try:
            assert process.stdout and "executes up to 2 runs at once" in process.stdout.readline()
            self.until(lambda: bool(self.hosts() - before))  # It may have removed one that has ended.
            yield process
        finally:
            process.terminate()
            process.wait(WAIT_S)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.store.address, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def do(self, query: str, *values: object) -> None:
        with psycopg.connect(self.store.address, autocommit=True) as connection:
            connection.execute(query, values)

    def hosts(self) -> set[str]:
        """The names of the lab hosts that count as living."""
        return {name for (name,) in self.rows("SELECT name FROM runs_host WHERE labs > 0")}

    def state(self, run: str) -> str:
        [(state,)] = self.rows("SELECT state FROM runs_run WHERE public_id = %s", run)
        return str(state)

    def kinds(self, run: str) -> list[str]:
        """The kinds of the run's events, in their order."""
        query = "SELECT kind FROM runs_event JOIN runs_run r ON r.id = run_id WHERE public_id = %s ORDER BY number"
        return [kind for (kind,) in self.rows(query, run)]

    def ending(self, run: str) -> tuple[str, str]:
        """Wait for the end of a run; return its outcome and the reason."""
        self.until(lambda: self.state(run) == "ended")
        kinds = self.kinds(run)
        assert kinds.count("ended") == 1 and kinds[-1] == "ended"
        query = (
            "SELECT payload FROM runs_event JOIN runs_run r ON r.id = run_id WHERE public_id = %s AND kind = 'ended'"
        )
        [(payload,)] = self.rows(query, run)
        return payload["outcome"], payload["reason"]

    @staticmethod
    def until(condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds."""
        deadline = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.02)


def cluster_of(host: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes of a lab host's cluster, once there are a pusher, a monitor and two workers: the first one, its
    sentinel, and these."""

    def found() -> list[psutil.Process]:
        first = [each for each in psutil.Process(host.pid).children() if "tutor.engine.workers" in each.cmdline()]
        return [*first, *(each for one in first for each in one.children(recursive=True))]

    EngineSite.until(lambda: len(found()) == 6)
    return found()
