"""Copying a store: all rows of one database into another one, of whatever kind each is, with their keys.

A backup is an SQLite file, also of a PostgreSQL database, so that a site can go from the one to the other.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

OTHER = "other"
"""The alias of the other database, while rows are copied."""
BATCH = 500
"""The rows that are inserted at once."""
NOT_COPIED = {
    "runs.Host",
    "classroom.Presence",
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group_permissions",
    "auth.User_user_permissions",
}
"""Models of which each site has rows of its own: of its processes, or Django's permissions, which no page asks for."""
MADE_BY_MIGRATIONS = {"runs.LessonVersion"}
"""Models of which a new store has rows, which those of the copied one replace."""

OF_LAB_HOSTS = "django_q_"
"""The beginning of the tables that only some roles of a process have (`TUTOR_ROLE`). Nothing is ever in them."""

Tell = Callable[[str], object]


class NotCopied(Exception):
    """A store can't be copied. The message says why."""


def backup(path: Path, tell: Tell) -> None:
    """Copy the site's store, as it is at one moment, into a new SQLite file. Raises NotCopied."""
    if path.exists():
        raise NotCopied(f"{path} exists already. Choose another name, or delete it first.")
    part = path.with_name(f"{path.name}.part")  # A file with that name is always a whole backup.
    part.unlink(missing_ok=True)
    try:
        with other_database(part):
            copy(DEFAULT_DB_ALIAS, OTHER, tell)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def restore(path: Path, tell: Tell, check: Callable[[], None] = lambda: None) -> int:
    """Copy an SQLite file, a backup or the store of a site, into the site's store, which is empty.

    Return the number of rows. `check` is called when all are copied; if it raises an error, none is. Raises NotCopied.
    """
    if not path.is_file():
        raise NotCopied(f"There is no file {path}.")
    check_is_empty()
    with tempfile.TemporaryDirectory(prefix="tutor-restore-") as folder:
        snapshot = Path(folder) / "store.sqlite3"
        take_snapshot(path, snapshot)
        call_command("migrate", verbosity=0)
        with other_database(snapshot), transaction.atomic():
            count = copy(OTHER, DEFAULT_DB_ALIAS, tell)
            check()
    return count


def check_is_empty() -> None:
    """Raise NotCopied if the site's store has anything. It may have no tables yet, or those of older migrations.

    What isn't the site's isn't touched: the database of another program isn't migrated.
    """
    tables = {name for name in connection.introspection.table_names() if not name.startswith(OF_LAB_HOSTS)}
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    if others := tables - known - {MigrationRecorder.Migration._meta.db_table}:
        raise NotCopied(f"The store isn’t empty: it has the table {min(others)} of something else. Name a new one.")
    own = [model for model in models_of_store() if model._meta.label not in MADE_BY_MIGRATIONS]
    there = (model for model in own if model._meta.db_table in tables)
    if taken := next((model for model in there if model._base_manager.exists()), None):
        raise NotCopied(f"The store isn’t empty: it has {taken._meta.verbose_name_plural}. Name a new one.")


def take_snapshot(path: Path, snapshot: Path) -> None:
    """Copy an SQLite file, which may be in use, as it is at one moment. Raises NotCopied."""
    with opened_to_read(path) as source, closing(sqlite3.connect(snapshot)) as target:
        source.backup(target)


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an SQLite file without changing it. Raises NotCopied."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            yield opened
    except sqlite3.DatabaseError as error:
        raise NotCopied(f"{path} isn’t a store: {error}.") from error


@contextmanager
def other_database(path: Path) -> Iterator[None]:
    """Have the other database be an SQLite file, which is created or brought to the newest migrations."""
    connections.settings[OTHER] = connections.configure_settings(
        {DEFAULT_DB_ALIAS: {}, OTHER: {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
    )[OTHER]
    try:
        call_command("migrate", database=OTHER, verbosity=0)
        yield
    finally:
        connections[OTHER].close()
        del connections[OTHER]
        del connections.settings[OTHER]


def models_of_store() -> list[type[models.Model]]:
    """Return the models whose rows are copied, with the tables of many-to-many relations.

    An app without migrations, such as that of django-q2 in a site with lab hosts, has no tables.
    """
    absent = {app for app, module in settings.MIGRATION_MODULES.items() if module is None}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in NOT_COPIED
        if model._meta.app_label not in absent
    ]


def copy(source: str, target: str, tell: Tell) -> int:
    """Copy all rows, read and written in one transaction each, and return how many there were."""
    total = 0
    with transaction.atomic(using=source), transaction.atomic(using=target):
        with connections[target].constraint_checks_disabled():
            for model in models_of_store():
                if model._meta.label in MADE_BY_MIGRATIONS:
                    model._base_manager.using(target).all().delete()
                if count := copy_rows(model, source, target):
                    tell(f"{model._meta.verbose_name_plural}: {count}")
                    total += count
        connections[target].check_constraints()
        for statement in connections[target].ops.sequence_reset_sql(no_style(), models_of_store()):
            with connections[target].cursor() as cursor:
                cursor.execute(statement)
    return total


def copy_rows(model: type[models.Model], source: str, target: str) -> int:
    """Copy the rows of a model as they are, and return how many there were."""
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH)
    fields: list[Any] = list(model._meta.local_concrete_fields)
    count = 0
    while batch := list(islice(rows, BATCH)):
        # The moments that fields set by themselves stay what they were: raw rows are inserted.
        model._base_manager.using(target)._insert(batch, fields=fields, raw=True, using=target)  # type: ignore[attr-defined]
        count += len(batch)
    return count
