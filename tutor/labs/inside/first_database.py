"""The database that every configuration starts with: the empty tables of Django and django-q2."""

from __future__ import annotations

import os
import traceback
import warnings
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from . import lab_settings


def make(path: Path) -> None:
    """Create the database `path` in a child process, as Django can be configured only once. Raises RuntimeError."""
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("The initial database of labs could not be created.")
        return
    try:
        migrate(path)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


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
