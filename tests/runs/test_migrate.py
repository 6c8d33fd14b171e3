"""Updating the store of a site that has several processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tutor.benchmarks.services import LOOPBACK, Server, postgresql
from tutor.runs.own_host import PENDING


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="tutor-postgresql-") as folder, postgresql(Path(folder)) as server:
        yield server


def start(database: Server, var: Path, *command: str) -> subprocess.Popen[str]:
    more = {
        "DATABASE_URL": database.address,
        "TUTOR_ROLE": "web",
        "TUTOR_REDIS_URL": "redis://127.0.0.1:1/0",
        "TUTOR_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "tutor.settings",
    }
    environment = {**os.environ, **more}
    return subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def web_process(database: Server, var: Path) -> subprocess.Popen[str]:
    with socket.socket() as end:
        end.bind((LOOPBACK, 0))
        port = end.getsockname()[1]
    return start(database, var, "-m", "tutor.serve", str(port))


def test_a_web_process_waits_until_the_store_is_migrated_and_two_may_migrate_it_at_once(
    database: Server, tmp_path: Path
) -> None:
    serving = web_process(database, tmp_path)
    said = "Checking the database, and collecting the static files…\n"
    assert (serving.communicate(timeout=60), serving.returncode) == ((said, f"{PENDING}\n"), 1)
    both = [start(database, tmp_path, "manage.py", "migrate", "--verbosity=0") for _ in range(2)]
    assert [(each.communicate(timeout=120)[1], each.returncode) for each in both] == [("", 0), ("", 0)]
    with psycopg.connect(database.address) as connection:
        assert connection.execute("SELECT count(*) FROM runs_run").fetchall() == [(0,)]


def test_a_web_process_without_its_database_says_so_in_one_line(database: Server, tmp_path: Path) -> None:
    database.stop()
    try:
        said = web_process(database, tmp_path).communicate(timeout=60)[1]
    finally:
        database.start()
    assert said.startswith("Can't use the database of DATABASE_URL: ") and said.count("\n") == 1
