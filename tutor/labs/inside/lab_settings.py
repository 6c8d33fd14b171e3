"""Django settings of a lab: those of the lesson, and those that every lab needs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
    },
}
"""WAL and a busy timeout, as several processes write. Not synchronous, as the file is deleted with the lab."""
FILE_CACHE = "django.core.cache.backends.filebased.FileBasedCache"
"""All processes of a lab share it. Django's default cache is in each process's own memory."""
CLUSTER = {"name": "lab", "orm": "default", "poll": 0.02, "guard_cycle": 0.25, "save_limit": 250}
"""Defaults for Q_CLUSTER. django-q2's own defaults would poll every 0.2 s and guard every 0.5 s."""
ALWAYS = {"broker_class": "tutor.labs.inside.observe.broker.ObservedBroker"}
"""Q_CLUSTER options that lessons can't override."""


def configure(lesson: Mapping[str, Any], apps: Sequence[str], folder: Path) -> None:
    """Configure Django in this process with the settings and apps of a lesson, and with its databases in `folder`."""
    own = dict(lesson)
    databases = {"default": {}, **own.pop("DATABASES", {})}
    caches = own.pop("CACHES", None) or {"default": {"BACKEND": FILE_CACHE, "LOCATION": "cache"}}
    place_caches(caches, folder)
    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(40),
        USE_TZ=True,
        USE_I18N=False,  # Otherwise each process would load translations for django-q2's log messages.
        INSTALLED_APPS=["django_q", *apps],
        DATABASES={
            alias: {**SQLITE, **given, "NAME": str(folder / f"{alias}.sqlite3")} for alias, given in databases.items()
        },
        CACHES=caches,
        Q_CLUSTER={**CLUSTER, **own.pop("Q_CLUSTER", {}), **ALWAYS},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
        **own,
    )


def place_caches(caches: Mapping[str, dict[str, Any]], folder: Path) -> None:
    """Put the files of `caches` (the setting) into `folder`, each under the last part of its location."""
    for cache in caches.values():
        if cache["BACKEND"] == FILE_CACHE:
            cache["LOCATION"] = str(folder / Path(cache.get("LOCATION", "cache")).name)
