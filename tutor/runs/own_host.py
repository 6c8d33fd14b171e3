"""A host of labs for a command, which stores runs like the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tutor.labs.host.lab_host import LabHost

from .heartbeat import Heartbeat

PENDING = "The database lacks migrations of this version. Run manage.py migrate, by tutor-migrate.service for example."
"""What is said of a store that a process of several doesn't update by itself."""


@contextmanager
def own_host() -> Iterator[LabHost]:
    """Yield a host whose heartbeat lasts for the block. Migrate the database first. Raise UnsupportedPlatform."""
    if migrations_are_pending():
        call_command("migrate", verbosity=0)
    host = LabHost(settings.TUTOR_LABS)
    try:
        heartbeat = Heartbeat(host.name, settings.TUTOR_LABS)
        heartbeat.start()
        try:
            yield host
        finally:
            heartbeat.stop()
    finally:
        host.close()


def migrations_are_pending() -> bool:
    """Return whether the database still has to be migrated."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
