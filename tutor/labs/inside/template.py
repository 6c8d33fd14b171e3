"""The template, a process that has loaded Django and django-q2 with one configuration. Labs are forked from it.

django-q2 reads its settings when it is imported, even into default arguments, so each configuration needs its own
process. Programs and tasks never run in a template.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from typing import Any

import django
from django.core.management import call_command
from django.db import connections

import tutor
from tutor.protocol import wire

from . import lab_settings, processes

# Modules that import django-q2 are imported inside functions, because the settings must be configured first.


def serve(control: socket, order: Mapping[str, Any], database: Path) -> None:
    """Load the configuration of `order`, tell the host that it is ready, then fork a lab for each request."""
    folder = Path(order["folder"])
    opened = load(order["configuration"], folder, database)
    from .forker import Forker

    forget_the_site()
    gc.collect()
    gc.freeze()  # So that garbage collection in the labs doesn't copy the memory that they share.
    processes.outlive_parent()
    wire.send(control, {"ready": True})
    Forker(control, folder, opened).serve()


def load(configuration: Mapping[str, Any], folder: Path, database: Path) -> dict[str, Any]:
    """Set up Django and django-q2 with the configuration.

    Return the payload of the event `opened`, with django-q2's warnings as `warned`.
    """
    os.chdir(folder)  # Files that a lesson's models write on import go here.
    write(configuration["files"], folder / "files")
    sys.path.insert(0, str(folder / "files"))
    lab_settings.configure(configuration["settings"], configuration["apps"], folder)
    for alias in connections:
        shutil.copyfile(database, folder / f"{alias}.sqlite3")
    warned = import_django_q()
    django.setup()
    if configuration["apps"]:
        create_tables()
    observe_processes()
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
    """Write `files` (path → text) below `folder`, as modules that can be imported."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()


def import_django_q() -> list[str]:
    """Import django-q2's settings; return its warnings, each as one line."""
    with warnings.catch_warnings(record=True) as warned, without("prometheus_client"):
        warnings.simplefilter("always")
        import django_q.conf  # noqa: F401

        return [" ".join(str(each.message).split()) for each in warned if each.category is UserWarning]


@contextmanager
def without(package: str) -> Iterator[None]:
    """Have the site's `package` count as not installed. django-q2 imports it if it is, and a lab has no use for it."""
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


def create_tables() -> None:
    """Create the tables of the lesson's own models, which have no migrations."""
    for alias in connections:
        call_command("migrate", run_syncdb=True, verbosity=0, database=alias)


def observe_processes() -> None:
    """Import everything that a lab runs, so that labs don't have to, and install the observers."""
    import multiprocessing.popen_fork  # noqa: F401

    from . import monitor, pusher, sentinel, worker
    from .observe import output, rows

    for part in (sentinel, pusher, worker, monitor, rows, output):
        part.observe()


def use_once() -> None:
    """Do typical operations once and roll them back, so that all forks share what Python and Django cache."""
    from django.core.cache import caches
    from django.db import transaction
    from django.utils import timezone
    from django_q.brokers import get_broker
    from django_q.conf import Conf
    from django_q.models import OrmQ, Task
    from django_q.signing import SignedPackage

    from .observe.rows import rows

    package = {"id": "0" * 32, "name": "once", "func": "math.copysign", "args": (1, -1), "kwargs": {}}
    now = timezone.now()
    with transaction.atomic(using=Conf.ORM), transaction.atomic():
        get_broker().enqueue(SignedPackage.dumps(package))
        OrmQ.objects.using(Conf.ORM).filter(lock__lt=timezone.now()).update(lock=now)
        task = Task.objects.create(**package, started=now, stopped=now, result=-1.0, success=True)
        task.save()
        Task.objects.get(id=task.id, name=task.name)
        Task.objects.last()
        rows()
        OrmQ.objects.using(Conf.ORM).all().delete()
        transaction.set_rollback(True, using=Conf.ORM)
        transaction.set_rollback(True)
    for alias in caches.settings:
        with suppress(AttributeError):  # It was not used.
            del caches[alias]  # A file-based cache keeps its initial folder, and each lab has its own.


def forget_the_site() -> None:
    """Prevent further imports of this project's modules. Labs have all that they need."""
    root = str(Path(tutor.__path__[0]).parent)
    sys.path[:] = [entry for entry in sys.path if entry not in ("", root)]
    sys.path_importer_cache.clear()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == tutor.__name__ and hasattr(module, "__path__"):
            module.__path__ = []
    sys.argv = ["lab"]
    sys.modules["__main__"] = types.ModuleType("__main__")  # Instead of the fork server.
