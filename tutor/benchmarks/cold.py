"""A django-q2 cluster started cold, as its users start it: a plain project and `manage.py qcluster`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pprint import pformat
from typing import IO, Any

SETTINGS = """\
SECRET_KEY = "cold"
USE_TZ = True
INSTALLED_APPS = ["django_q"]
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3",
    "OPTIONS": {{"timeout": 10, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}},
}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
Q_CLUSTER = {cluster}
"""
MANAGE = """\
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
CALLER = """\
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
import django
django.setup()
import time
from django_q.models import Task
lines = open("program.py").read().split("# Later", 1)
exec(lines[0])
while not Task.objects.exists():
    time.sleep(0.002)
exec("# Later" + lines[1])
"""


def write_project(folder: Path, settings: dict[str, Any], program: str) -> None:
    """Write and migrate a plain project in `folder` with these Q_CLUSTER settings."""
    cluster = {"name": "cold", "orm": "default", "poll": 0.02, **settings}
    (folder / "settings.py").write_text(SETTINGS.format(cluster=pformat(cluster)))
    (folder / "manage.py").write_text(MANAGE)
    (folder / "program.py").write_text(program)
    (folder / "caller.py").write_text(CALLER)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=folder, check=True, capture_output=True)


@contextmanager
def qcluster(folder: Path) -> Iterator[float]:
    """A cold cluster of the project in `folder`, running; gives the seconds that it took to say that it runs."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    try:
        wait_for(process.stderr, " running.")
        yield time.monotonic() - began
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def wait_for(stream: IO[str], word: str) -> None:
    for line in stream:
        if word in line:
            return
    raise RuntimeError("The cold cluster ended before it ran.")


def ready_seconds(folder: Path) -> float:
    """How long a cold cluster takes until it runs."""
    with qcluster(folder) as seconds:
        return seconds


def lesson_seconds(folder: Path) -> float:
    """How long it takes to start a cold cluster and have the program call, wait and read; its process included."""
    (folder / "db.sqlite3").unlink()
    for rest in folder.glob("db.sqlite3-*"):
        rest.unlink()
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=folder, check=True, capture_output=True)
    began = time.monotonic()
    with qcluster(folder):
        subprocess.run([sys.executable, "caller.py"], cwd=folder, check=True, capture_output=True)
        return time.monotonic() - began
