"""The room of the store: what counts against its bound."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tutor.protocol.limits import MIB
from tutor.runs.service import TooManyRuns, check_room, file_bytes, store_bytes
from tutor.settings import SQLITE_OPTIONS


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A small SQLite database, whose write-ahead log stays as it is."""
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE event (payload)")
        yield database


@pytest.mark.django_db(transaction=True)
def test_a_store_that_is_as_large_as_it_may_be_has_no_room_for_more_runs(settings: Any) -> None:
    settings.TUTOR_MAX_STORE_MIB = store_bytes() // MIB + 2
    check_room()
    settings.TUTOR_MAX_STORE_MIB = store_bytes() // MIB
    with pytest.raises(TooManyRuns, match="no room for more runs"):
        check_room()


def test_what_is_only_in_the_write_ahead_log_of_a_file_counts_too(file: sqlite3.Connection, tmp_path: Path) -> None:
    file.execute("INSERT INTO event VALUES (zeroblob(?))", [3 * MIB])
    assert (tmp_path / "store.sqlite3").stat().st_size < MIB
    assert file_bytes(tmp_path / "store.sqlite3") > 3 * MIB


def test_the_write_ahead_log_is_cut_to_a_bound_once_it_has_been_written_back(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as store:
        store.executescript(SQLITE_OPTIONS["init_command"])
        assert store.execute("PRAGMA journal_size_limit").fetchone() == (64 * MIB,)


def test_a_file_that_is_not_there_has_no_bound(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_bytes(tmp_path / "not there") == 0
    monkeypatch.setattr("tutor.runs.service.store_bytes", lambda: 0)
    settings.TUTOR_MAX_STORE_MIB = 0
    check_room()
