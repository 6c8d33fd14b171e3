"""A template: a warm process with one configuration's Django and django-q2 in it, of which every lab is a fork.

django-q2 reads its settings when it is imported (also into defaults of signatures), so each configuration has a process
that imports it afresh. Nothing that a run does happens here.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import socket
import sys
import types
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tutor.protocol import wire

from . import orphans

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF",
    },
}
"""WAL and a busy timeout, as several processes write; not synchronous, as the file is thrown away."""
FILE_CACHE = "django.core.cache.backends.filebased.FileBasedCache"
"""Shared by all the processes of a lab, as Django's own default, each process's memory, is not."""
CLUSTER = {"name": "lab", "orm": "default", "poll": 0.02, "guard_cycle": 0.25, "save_limit": 250}
"""What a lab sets where the lesson does not: django-q2's defaults would poll every 0.2 s and guard every 0.5 s."""
ALWAYS = {"broker_class": "tutor.labs.inside.broker.ObservedBroker"}


def configure(lesson: Mapping[str, Any], apps: list[str], folder: Path) -> None:
    """Configure Django in this process for `lesson` (its settings), with its databases in `folder`."""
    from django.conf import settings

    own = dict(lesson)
    databases = {"default": {}, **own.pop("DATABASES", {})}
    caches = own.pop("CACHES", None) or {"default": {"BACKEND": FILE_CACHE, "LOCATION": "cache"}}
    place_caches(caches, folder)
    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(40),
        USE_TZ=True,
        USE_I18N=False,  # Or each process would read the catalogues for django-q2's log messages.
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
    """Have `caches` (the setting) keep their files in `folder`: each under the last name of where they were to be."""
    for cache in caches.values():
        if cache["BACKEND"] == FILE_CACHE:
            cache["LOCATION"] = str(folder / Path(cache.get("LOCATION", "cache")).name)


def serve(control: socket.socket, order: Mapping[str, Any], base: Path) -> None:
    """Be the template that `order` describes: say that it is ready, then fork a lab for each request."""
    folder = Path(order["folder"])
    told = prepare(order["configuration"], folder, base)
    from .forker import Nursery

    forget_the_site()
    gc.collect()
    gc.freeze()  # So that collections in the labs don't touch, and copy, the pages they share.
    orphans.end_with_parent(False)
    wire.send(control, {"ready": True})
    Nursery(control, folder, told).serve()


def prepare(configuration: Mapping[str, Any], folder: Path, base: Path) -> dict[str, Any]:
    """Import and set up everything that the configuration decides; returns what `opened` tells of it."""
    os.chdir(folder)  # And not where the fork server was started: what has no place of its own is made here.
    write(configuration["files"], folder / "files")
    sys.path.insert(0, str(folder / "files"))
    configure(configuration["settings"], configuration["apps"], folder)
    import django
    from django.db import connections

    for alias in connections:
        shutil.copyfile(base, folder / f"{alias}.sqlite3")
    warned = import_django_q()
    django.setup()
    if configuration["apps"]:
        create_tables(list(connections))
    load_cluster()
    use_once()
    connections.close_all()
    import django_q

    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "django": django.get_version(),
        "django_q": ".".join(map(str, django_q.VERSION)),
        "settings": "new",
        "warned": warned,
    }


def write(files: Mapping[str, str], folder: Path) -> None:
    """Make importable `files` (path → text) below `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()


def import_django_q() -> list[str]:
    """Have django-q2 read its settings; returns what it warns of, each in one line."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        import django_q.conf  # noqa: F401

        return [" ".join(str(each.message).split()) for each in warned if each.category is UserWarning]


def create_tables(aliases: list[str]) -> None:
    """Make the tables of the lesson's own models, which have no migrations."""
    from django.core.management import call_command

    for alias in aliases:
        call_command("migrate", run_syncdb=True, verbosity=0, database=alias)


def load_cluster() -> None:
    """Import all that a lab runs, so that no lab has to."""
    import multiprocessing.popen_fork  # noqa: F401

    from . import caller, cluster, hooks  # noqa: F401

    cluster.observe()
    hooks.connect()


def use_once() -> None:
    """Do once, and undo, what every process of a lab does: what Python and Django keep of it is shared by all forks."""
    from django.core.cache import caches
    from django.db import transaction
    from django.utils import timezone
    from django_q.brokers import get_broker
    from django_q.conf import Conf
    from django_q.models import OrmQ, Task
    from django_q.signing import SignedPackage

    from .observe import values

    package = {"id": "0" * 32, "name": "once", "func": "math.copysign", "args": (1, -1), "kwargs": {}}
    now = timezone.now()
    with transaction.atomic(using=Conf.ORM), transaction.atomic():
        get_broker().enqueue(SignedPackage.dumps(package))
        OrmQ.objects.using(Conf.ORM).filter(lock__lt=timezone.now()).update(lock=now)
        task = Task.objects.create(**package, started=now, stopped=now, result=-1.0, success=True)
        task.save()
        Task.objects.get(id=task.id, name=task.name)
        Task.objects.last()
        values.rows()
        OrmQ.objects.using(Conf.ORM).all().delete()
        transaction.set_rollback(True, using=Conf.ORM)
        transaction.set_rollback(True)
    for alias in caches.settings:
        with suppress(AttributeError):  # It was not used.
            del caches[alias]  # A cache on files keeps the folder that it was made with, and each lab has its own.


def forget_the_site() -> None:
    """Make the project that this package lies in impossible to import from; what is needed of it is loaded."""
    import tutor

    root = str(Path(tutor.__path__[0]).parent)
    sys.path[:] = [entry for entry in sys.path if entry not in ("", root)]
    sys.path_importer_cache.clear()
    tutor.__path__ = []
    sys.argv = ["lab"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # And not the fork server's.
