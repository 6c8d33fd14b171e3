"""The database of other processes: sites and hosts that are measured."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tutor.runs.models import Event

SETTINGS = {
    "DATABASE_URL": "",
    "DJANGO_SETTINGS_MODULE": "tutor.settings",
    "TUTOR_HOSTS": "127.0.0.1",
    "TUTOR_HTTPS": "",
    "TUTOR_LESSONS": "",
    "TUTOR_PROXY": "",
    "TUTOR_REDIS_URL": "",
    "TUTOR_REFERENCE_RUNS": "0",
    "TUTOR_ROLE": "",
}
"""The environment variables that a measured process doesn't inherit. It inherits the others, such as limits."""
TIMEOUT_S = 20
Read = Callable[..., list[tuple[Any, ...]]]
"""Returns the rows of a query with these values."""


@dataclass(frozen=True)
class Store:
    """A database, read without Django."""

    var: Path
    """The folder with the labs and, without PostgreSQL, the database."""
    database: str = field(default="", kw_only=True)
    """The address of PostgreSQL, if it is there."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the store has in its environment."""
        return {"TUTOR_VAR": str(self.var), "DATABASE_URL": self.database}

    @property
    def path(self) -> Path:
        return self.var / "site.sqlite3"

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.reading() as read:
            return read(query, *values)

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """Yield a function that returns the rows of a query, by one connection."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as store:
                yield lambda query, *values: store.execute(query.replace("?", "%s").encode(), values).fetchall()
            return
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=TIMEOUT_S)) as store:
            yield lambda query, *values: store.execute(query, values).fetchall()

    def events(self, run: str) -> list[Event]:
        """Return the events of a run (its public id) in order of number."""
        rows = self.read(
            "SELECT number, kind, lane, pid, at, payload FROM runs_event JOIN runs_run ON run_id = runs_run.id"
            " WHERE public_id = ? ORDER BY number",
            run,
        )
        return [
            Event(number=number, kind=kind, lane=lane, pid=pid, at=at, payload=as_object(payload))
            for number, kind, lane, pid, at, payload in rows
        ]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the database during the block, so that nobody else can write."""
        with closing(sqlite3.connect(self.path, timeout=TIMEOUT_S, isolation_level=None)) as store:
            store.execute("BEGIN IMMEDIATE")
            yield
            store.execute("ROLLBACK")


def as_object(payload: Any) -> Any:
    """Return the payload of an event. SQLite has its text."""
    return json.loads(payload) if isinstance(payload, str) else payload
