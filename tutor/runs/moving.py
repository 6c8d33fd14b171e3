"""Moving a site: its SQLite store into the store that DATABASE_URL names, with nothing left behind.

A move is `restore` of the site's own file, which also makes sure that no process writes to that file any more: what it
stored after the copy began would be missing in the new store.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from .store_copy import NotCopied, Tell, check_is_empty, opened_to_read, restore

LOOK_EVERY_S = 0.1
STILL_WRITTEN = (
    "The old site still writes to {path}, so what it stores now would be missing. Nothing was moved. "
    "Stop the old site, then move again."
)


def move(path: Path, tell: Tell) -> int:
    """Copy the SQLite store of a site that is stopped into the site's store; return how many rows.

    Raise NotCopied if that isn't possible, or if the file was written to before all is copied. Then nothing is.
    """
    if connection.vendor == "sqlite" and is_same(path, Path(connection.settings_dict["NAME"])):
        raise NotCopied(
            f"{path} is the store that this site uses. Set DATABASE_URL to the store that it moves to, "
            "such as postgres://tutor:secret@db.example.org/tutor."
        )
    if not path.is_file():
        raise NotCopied(f"There is no file {path}. Name the site.sqlite3 of the old site: manage.py move FILE")
    check_is_empty()  # Before the watching, which may take a while.
    with watched(path) as writes:
        if writes.had_a_host():
            tell(f"The old site may still run. Watching its heartbeat for {settings.TUTOR_LEASE_S:g} s…")
            writes.wait(settings.TUTOR_LEASE_S)
        return restore(path, tell, writes.check)


def is_same(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and path.samefile(other)


class Writes:
    """What others write to an SQLite file while it is open here."""

    def __init__(self, path: Path, opened: sqlite3.Connection) -> None:
        self.path, self.opened = path, opened
        self.first = self.version()

    def version(self) -> int:
        """Return a number that is another one after each transaction of others."""
        return int(self.opened.execute("PRAGMA data_version").fetchone()[0])

    def check(self) -> None:
        """Raise NotCopied if somebody else has written to the file."""
        if self.version() != self.first:
            raise NotCopied(STILL_WRITTEN.format(path=self.path))

    def had_a_host(self) -> bool:
        """Return whether a process that executes runs is at work, or hasn't ended as it should."""
        try:
            return bool(self.opened.execute("SELECT EXISTS (SELECT 1 FROM runs_host)").fetchone()[0])
        except sqlite3.OperationalError:  # Stores of the first edition have no such table.
            return False

    def wait(self, seconds: float) -> None:
        """Raise NotCopied if somebody writes to the file within `seconds`. A heartbeat does, five times in a lease."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            time.sleep(LOOK_EVERY_S)


@contextmanager
def watched(path: Path) -> Iterator[Writes]:
    """Notice all that is written to an SQLite file from now on. Raise NotCopied if it isn't one."""
    with opened_to_read(path) as opened:
        yield Writes(path, opened)
