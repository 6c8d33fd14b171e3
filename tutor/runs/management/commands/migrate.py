"""Django's `migrate`, by one process of a site at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK = 0x7475746F72
"""The number of the lock in PostgreSQL. It is that of no other program, it is to be hoped: “tutor” in ASCII."""
LOOK_EVERY_S = 0.2


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate once no other process does. What that one has done isn't done again."""
        with alone(connections[options["database"]]):
            super().handle(*args, **options)


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one process at a time into the block, if the store is one that several can migrate.

    Otherwise both would create the same table, and one would fail.
    """
    if connection.vendor != "postgresql":
        yield
        return
    while not ask(connection, "pg_try_advisory_lock"):
        time.sleep(LOOK_EVERY_S)
    try:
        yield
    finally:
        ask(connection, "pg_advisory_unlock")


def ask(connection: BaseDatabaseWrapper, function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
