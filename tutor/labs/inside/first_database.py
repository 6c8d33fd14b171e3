"""The database that every configuration starts with: the tables of django-q2 and of Django, and no rows."""

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
    """Make the database `path` in a child, as Django can be configured only once in a process. Raises RuntimeError."""
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("The database that labs start with could not be made.")
        return
    try:
        migrate(path)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def migrate(path: Path) -> None:
    """Write the database `path`, in a process of its own."""
    lab_settings.configure({}, [], path.parent)
    settings.DATABASES["default"]["NAME"] = str(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        django.setup()
    call_command("migrate", verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
