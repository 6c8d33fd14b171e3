"""Private servers of PostgreSQL and Redis."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from tutor.benchmarks import services
from tutor.benchmarks.services import Server, postgresql


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="tutor-postgresql-") as folder, postgresql(Path(folder)) as server:
        with psycopg.connect(server.address) as connection:
            connection.execute("CREATE TABLE kept (number int)")
        yield server


@pytest.mark.parametrize("end", [Server.stop, Server.kill])
def test_what_was_committed_is_there_when_postgresql_starts_again(
    database: Server, end: Callable[[Server], None]
) -> None:
    with psycopg.connect(database.address) as connection:
        before = connection.execute("SELECT count(*) FROM kept").fetchall()[0][0]
        connection.execute("INSERT INTO kept VALUES (1)")
    end(database)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.address)
    database.start()
    with psycopg.connect(database.address) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchall() == [(before + 1,)]


def test_redis_that_is_stopped_starts_again_with_what_it_had(tmp_path: Path) -> None:
    with services.redis(tmp_path) as server:
        Redis.from_url(server.address).set("kept", "yes")
        server.stop()
        server.start()
        assert Redis.from_url(server.address).get("kept") == b"yes"


def test_redis_that_is_killed_starts_again(tmp_path: Path) -> None:
    with services.redis(tmp_path) as server:
        server.kill()
        server.start()
        assert Redis.from_url(server.address).ping()
