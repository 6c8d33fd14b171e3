"""The database that every configuration starts with: the empty tables of Django and django-q2."""

from __future__ import annotations

import os
import warnings
from functools import partial
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from . import lab_settings, processes


def make(path: Path) -> None:
    """Create the database `path` in a child process, as Django can be configured only once. Raises RuntimeError."""
    _, status = os.waitpid(processes.fork(partial(migrate, path)), 0)
    if status:
        raise RuntimeError("The initial database of labs could not be created.")


def migrate(path: Path) -> None:
    """Migrate the database `path`. This configures Django for the rest of the process."""
    lab_settings.configure({}, [], path.parent)
    settings.DATABASES["default"]["NAME"] = str(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        django.setup()
    call_command("migrate", verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
