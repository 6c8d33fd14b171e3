"""The room of the store: what counts against its bound, and what is deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.protocol.limits import MIB
from tutor.runs.service import TooManyRuns, check_room
from tutor.settings import SQLITE_OPTIONS


@pytest.fixture
def database(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A small database, whose write-ahead log stays as it is."""
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "store.sqlite3")
    settings.TUTOR_MAX_STORE_MIB = 2
    database = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA wal_autocheckpoint=0")
    database.execute("CREATE TABLE event (payload)")
    yield database
    database.close()


def test_what_is_only_in_the_write_ahead_log_counts_too(database: sqlite3.Connection, tmp_path: Path) -> None:
    check_room()
    database.execute("INSERT INTO event VALUES (zeroblob(?))", [3 * MIB])
    assert (tmp_path / "store.sqlite3").stat().st_size < MIB
    with pytest.raises(TooManyRuns, match="no room for more runs"):
        check_room()


def test_the_write_ahead_log_is_cut_to_a_bound_once_it_has_been_written_back(tmp_path: Path) -> None:
    store = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    store.executescript(SQLITE_OPTIONS["init_command"])
    assert store.execute("PRAGMA journal_size_limit").fetchone() == (64 * MIB,)
    store.close()


def test_a_store_that_is_not_a_file_has_no_bound(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "not there")
    settings.TUTOR_MAX_STORE_MIB = 0
    check_room()
