"""The database that every configuration begins with: django-q2's and Django's own tables, and no rows."""

from __future__ import annotations

import os
import traceback
import warnings
from pathlib import Path

from . import template


def make(base: Path) -> None:
    """Have `base` made by a child, as Django can be configured but once in a process. Raises RuntimeError."""
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        if status:
            raise RuntimeError("The database that labs begin with could not be made.")
        return
    try:
        migrate(base)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def migrate(base: Path) -> None:
    """Write `base`, in a process of its own."""
    template.configure({}, [], base.parent)
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = str(base)
    import django
    from django.core.management import call_command

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        django.setup()
    call_command("migrate", verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
