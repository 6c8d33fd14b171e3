"""A site of several processes: PostgreSQL, Redis, web processes, lab hosts, and a process that asks for runs.

`fleet` starts the same as it is deployed. Here, nothing is between a benchmark and the processes.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings

from . import services
from .child import start_child
from .measured_process import Process
from .served_site import Site, serving, terminate, wait_until_labs_are_gone
from .store import SETTINGS, Store

MANAGE = str(settings.BASE_DIR / "manage.py")
HOST_TIMEOUT_S = 60.0
LABS = 2
"""The labs of a lab host."""
WITH_LABS = "SELECT COUNT(*) FROM runs_host WHERE labs > 0"
MEASURED = "It has been measured."


@dataclass(frozen=True)
class Several:
    """The servers that all processes of the site share, and the folder of their files."""

    folder: Path
    database: str
    redis: str
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(60))

    @property
    def store(self) -> Store:
        return Store(self.folder, database=self.database)

    def environment(self, role: str, **more: str) -> Mapping[str, str]:
        """Return what a process of the site adds to its environment."""
        shared = {"DATABASE_URL": self.database, "TUTOR_REDIS_URL": self.redis, "TUTOR_SECRET_KEY": self.secret_key}
        return {**shared, "TUTOR_ROLE": role, "TUTOR_MAX_LABS": str(LABS), **more}

    def environment_of(self, folder: Path, role: str, **more: str) -> Mapping[str, str]:
        """Return the environment of a process of the site with its files in `folder`."""
        return {**os.environ, **SETTINGS, **self.environment(role, TUTOR_VAR=str(folder), **more)}

    def migrate(self) -> None:
        """Make the tables, as an operator does before the processes start."""
        environment = self.environment_of(self.new_folder(), "web")
        subprocess.run([sys.executable, MANAGE, "migrate", "--verbosity", "0"], env=environment, check=True)

    @contextmanager
    def web(self, lessons: Path) -> Iterator[Site]:
        """Serve the site by one more web process."""
        site = Site(self.new_folder(), services.free_port(), database=self.database)
        with serving(site, lessons, environment=self.environment("web")):
            yield site

    @contextmanager
    def asker(self, lessons: Path, lesson: str) -> Iterator[Process]:
        """Start a process that asks for runs of a lesson."""
        more = {"TUTOR_VAR": str(self.new_folder()), "TUTOR_LESSONS": str(lessons)}
        with Process("asking_process", lesson, environment=self.environment("web", **more)) as process:
            process.read()
            yield process

    @contextmanager
    def lab_host(self, lessons: Path) -> Iterator[None]:
        """Run one more lab host. When it ends, the runs that it executes are stopped."""
        folder, before = self.new_folder(), self.hosts()
        process = start_child(
            [sys.executable, MANAGE, "lab_host"],
            env=self.environment_of(folder, "labs", TUTOR_LESSONS=str(lessons)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.wait_for_host(before)
            yield
        finally:
            self.stop_runs()
            terminate(process)
            wait_until_labs_are_gone(Site(folder, 0))

    def new_folder(self) -> Path:
        """Return a new folder for one process."""
        folder = self.folder / secrets.token_hex(4)
        folder.mkdir()
        return folder

    def hosts(self) -> int:
        """Return how many lab hosts there are."""
        ((number,),) = self.store.read(WITH_LABS)
        return int(number)

    def wait_for_host(self, before: int) -> None:
        """Return once there are more lab hosts than `before`. Raise TimeoutError if that doesn't happen."""
        until = time.monotonic() + HOST_TIMEOUT_S
        while self.hosts() <= before:
            if time.monotonic() > until:
                raise TimeoutError("The lab host did not start.")
            time.sleep(0.05)

    def stop_runs(self) -> None:
        """End the runs that wait, and have lab hosts stop those that they execute."""
        with psycopg.connect(self.database, autocommit=True) as store:
            store.execute("UPDATE runs_run SET state = 'ended' WHERE state = 'waiting'")
            store.execute("UPDATE runs_run SET stop_reason = %s WHERE state = 'running'", [MEASURED])


@contextmanager
def new_store(postgresql: bool) -> Iterator[Store]:
    """Yield a store of its own, a file of SQLite or a server of PostgreSQL, which is removed afterwards."""
    with services.temporary_folder("tutor-bench-") as folder, ExitStack() as stack:
        files = folder / "postgresql"
        files.mkdir()
        address = stack.enter_context(services.postgresql(files)).address if postgresql else ""
        yield Store(folder / "var", database=address)


@contextmanager
def several() -> Iterator[Several]:
    """Run the servers that a site of several processes needs, with files in a folder that is removed afterwards."""
    with services.temporary_folder("tutor-bench-") as folder:
        for each in ("postgresql", "redis"):
            (folder / each).mkdir()
        with services.postgresql(folder / "postgresql") as store, services.redis(folder / "redis") as redis:
            site = Several(folder, store.address, redis.address)
            site.migrate()
            yield site
