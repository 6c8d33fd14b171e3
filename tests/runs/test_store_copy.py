"""A backup is a file with everything, and restoring it, also as another kind of database, keeps every link."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from tests.pages.test_first_edition import STEPS, STORE
from tests.recording import Recording
from tutor.runs import store_copy
from tutor.runs.models import Host, Run
from tutor.runs.store_copy import OTHER, models_of_store, other_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def other_allowed(transactional_db: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow connections to a database that the settings don't name, which tests otherwise mustn't open."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)


@pytest.fixture
def first_edition(tmp_path: Path) -> Path:
    """The store of the first edition."""
    path = tmp_path / "first.sqlite3"
    path.write_bytes(gzip.decompress(STORE.read_bytes()))
    return path


def rows(alias: str) -> Mapping[str, list[Any]]:
    """Return model → its rows."""
    return {
        model._meta.label: list(model._base_manager.using(alias).order_by("pk").values_list())
        for model in models_of_store()
    }


def test_a_store_of_the_first_edition_is_moved_and_its_links_open(first_edition: Path, client: Client) -> None:
    call_command("restore", first_edition)
    for run, steps in STEPS.items():
        assert client.get(f"/runs/{run}/?step={steps}").status_code == 200
    newest = Run.objects.order_by("pk")[len(STEPS) - 1]
    assert Run.objects.create(lesson="the next one").pk > newest.pk


def test_a_backup_has_every_row_as_it_is(recording: Recording, tmp_path: Path) -> None:
    recording.go_on()
    path = tmp_path / "backup.sqlite3"
    call_command("backup", path)
    before = rows("default")
    with other_database(path):
        assert rows(OTHER) == before
    assert sum(map(len, before.values())) > recording.run.events.count()


def test_a_backup_is_restored_while_its_site_goes_on(recording: Recording, tmp_path: Path) -> None:
    recording.go_on()
    path, before = tmp_path / "backup.sqlite3", rows("default")
    call_command("backup", path)
    call_command("flush", interactive=False, verbosity=0)
    call_command("restore", path)
    assert rows("default") == before
    assert not Host.objects.exists()


def test_nothing_is_restored_into_a_store_that_has_something(recording: Recording, first_edition: Path) -> None:
    with pytest.raises(CommandError, match="isn’t empty: it has runs"):
        call_command("restore", first_edition)
    assert Run.objects.get() == recording.run


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", path)
    path.write_text("Dear administrators, " * 100)
    with pytest.raises(CommandError, match="isn’t a store"):
        call_command("restore", path)


def test_a_backup_never_replaces_a_file_and_leaves_none_if_it_fails(
    first_edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.sqlite3"
    shutil.copy(first_edition, other)
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", other)
    assert other.read_bytes() == first_edition.read_bytes()

    def fail(*_: object) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(store_copy, "copy_rows", fail)
    with pytest.raises(OSError, match="No space"):
        call_command("backup", tmp_path / "full.sqlite3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.sqlite3", "other.sqlite3"]


def test_tables_of_an_app_without_migrations_are_not_looked_for(settings: Any) -> None:
    assert "quizzes" in {model._meta.app_label for model in models_of_store()}
    settings.MIGRATION_MODULES = {"quizzes": None}
    assert "quizzes" not in {model._meta.app_label for model in models_of_store()}
