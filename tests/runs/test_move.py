"""A site moves from SQLite to another store in one command, with all of its links, and leaves nothing behind unsaid."""

from __future__ import annotations

import gzip
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from tests.assignments.conftest import give, given, nothing_kept  # noqa: F401
from tests.classroom.conftest import recording, room  # noqa: F401
from tests.commands import run_command
from tests.pages.test_first_edition import STEPS, STORE
from tests.pages.waiting_queue import queue  # noqa: F401
from tests.recording import Recording
from tutor.assignments.models import Assignment
from tutor.classroom.models import Room
from tutor.runs import moving, store_copy
from tutor.runs.models import Host, Run

pytestmark = pytest.mark.django_db(transaction=True)
OF_ANOTHER = "CREATE TABLE shop_order (id integer)"


@pytest.fixture(autouse=True)
def other_allowed(transactional_db: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow connections to a database that the settings don't name, which tests otherwise mustn't open."""
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", django_db_blocker._real_ensure_connection)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The store of a site that is stopped, of the first edition."""
    path = tmp_path / "site.sqlite3"
    path.write_bytes(gzip.decompress(STORE.read_bytes()))
    return path


@pytest.fixture
def hosted(old: Path) -> Path:
    """The store of a site of today, whose process has been killed or goes on."""
    call_command("restore", old)
    old.unlink()
    call_command("backup", old)
    call_command("flush", interactive=False, verbosity=0)
    write(old, "INSERT INTO runs_host (name, folder, beat) VALUES ('here', 'of this machine', 1)")
    return old


def write(path: Path, statement: str = "UPDATE runs_host SET beat = beat + 1") -> None:
    """Write to the store as the process of a site does."""
    with closing(sqlite3.connect(path)) as site, site:
        site.execute(statement)


def test_the_links_of_a_run_a_class_and_a_quiz_open_after_a_move(
    room: Room,  # noqa: F811
    given: Assignment,  # noqa: F811
    client: Client,
    tmp_path: Path,
) -> None:
    run = Run.objects.create(lesson=room.run.lesson, version=room.run.version, state="running", host="elsewhere")
    Recording(run).go_on()
    call_command("backup", tmp_path / "site.sqlite3")
    call_command("flush", interactive=False, verbosity=0)
    assert client.get(run.get_absolute_url()).status_code == 404

    moved = run_command("move", str(tmp_path / "site.sqlite3"))

    addresses = [
        f"{run.get_absolute_url()}?step=6",
        room.get_absolute_url(),
        f"/teach/{room.secret}/",
        given.get_absolute_url(),
        f"/given/{given.secret}/",
    ]
    assert {address: client.get(address, follow=True).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    assert 'data-row="6"' in client.get(addresses[0]).content.decode()
    assert Run.objects.create(lesson="the next one").pk > run.pk
    assert f"events: {run.events.model.objects.count()}\n" in moved.out and "rooms: 1\n" in moved.out
    assert f"Keep {tmp_path / 'site.sqlite3'} until the new site has a backup." in moved.out


def test_the_runs_of_the_first_edition_open_after_a_move(old: Path, client: Client) -> None:
    run_command("move", str(old))
    for run, steps in STEPS.items():
        assert client.get(f"/runs/{run}/?step={steps}").status_code == 200


@pytest.mark.parametrize(
    ("role", "address", "start"),
    [
        ("all", None, "start the site: make run"),
        ("all", "postgres://db", "start the site with this DATABASE_URL: make run"),
        ("web", "postgres://db", "start the units of the site, such as: systemctl start tutor-web@8001 tutor-labs"),
    ],
)
@pytest.mark.parametrize("command", ["move", "restore"])
@pytest.mark.thorough
def test_what_is_said_to_be_next_fits_the_site(
    old: Path, settings: Any, command: str, role: str, address: str | None, start: str
) -> None:
    settings.TUTOR_ROLE, settings.STORE = role, address
    assert f"Next: {start}\n" in run_command(command, str(old)).out


def test_the_sites_own_file_is_moved_by_default(old: Path, settings: Any) -> None:
    settings.VAR = old.parent
    assert "Moved" in run_command("move").out and Run.objects.exists()


def test_a_move_says_how_many_rows_it_has_copied(old: Path) -> None:
    lines = run_command("move", str(old)).out.splitlines()
    counts = [int(line.rpartition(": ")[2]) for line in lines if line.rpartition(": ")[2].isdecimal()]
    assert f"Moved {sum(counts)} rows." in "\n".join(lines) and f"runs: {Run.objects.count()}" in lines


def test_a_store_is_not_moved_onto_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: Path) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(old))
    monkeypatch.setattr(connection, "vendor", "sqlite")
    (tmp_path / "link").symlink_to(old)
    for path in (old, tmp_path / "link"):
        with pytest.raises(CommandError, match="is the store that this site uses. Set DATABASE_URL") as refused:
            call_command("move", path)
        assert "\n" not in str(refused.value)


def test_nothing_is_moved_into_a_store_that_has_something(old: Path) -> None:
    Run.objects.create(lesson="any")
    with pytest.raises(CommandError, match="isn’t empty: it has runs. Name a new one."):
        call_command("move", old)
    assert Run.objects.count() == 1


def test_a_store_that_has_something_is_refused_before_the_old_site_is_watched(hosted: Path, settings: Any) -> None:
    settings.TUTOR_LEASE_S = 60
    Run.objects.create(lesson="any")
    with pytest.raises(CommandError, match="isn’t empty"):
        call_command("move", hosted)


def test_the_database_of_another_program_is_left_alone(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_copy, "call_command", lambda *_, **__: pytest.fail("It was migrated."))
    with connection.cursor() as cursor:
        cursor.execute(OF_ANOTHER)
        try:
            with pytest.raises(CommandError, match="it has the table shop_order of something else"):
                call_command("move", old)
        finally:
            cursor.execute("DROP TABLE shop_order")


@pytest.mark.thorough
def test_a_store_that_was_migrated_for_lab_hosts_counts_as_empty(old: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE django_q_task (id integer)")
        try:
            call_command("move", old)
        finally:
            cursor.execute("DROP TABLE django_q_task")
    assert Run.objects.exists()


def test_what_is_no_store_is_not_moved(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file .*manage.py move FILE"):
        call_command("move", tmp_path / "site.sqlite3")
    (tmp_path / "letter").write_text("Dear administrators, " * 100)
    with pytest.raises(CommandError, match="isn’t a store"):
        call_command("move", tmp_path / "letter")


def test_a_new_store_that_can_not_be_reached_is_said_in_one_line(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection refused\n")

    monkeypatch.setattr(moving, "check_is_empty", fail)
    with pytest.raises(CommandError, match="^Nothing was moved, as the new store fails: connection refused$"):
        call_command("move", old)


@pytest.mark.thorough
def test_a_move_that_fails_leaves_the_new_store_empty_so_that_it_can_be_repeated(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = store_copy.copy_rows

    def fail_at_events(model: Any, source: str, target: str) -> int:
        count = rows(model, source, target)
        if model._meta.label == "runs.Event":
            raise OSError("No space left on device")
        return count

    with monkeypatch.context() as failing:
        failing.setattr(store_copy, "copy_rows", fail_at_events)
        with pytest.raises(OSError, match="No space"):
            call_command("move", old)
    assert not Run.objects.exists()
    call_command("move", old)
    assert Run.objects.exists()


@contextmanager
def during_the_copy(monkeypatch: pytest.MonkeyPatch, do: Callable[[], None]) -> Iterator[None]:
    """Do something once while rows are copied."""
    rows, done = store_copy.copy_rows, threading.Event()

    def copy_rows(*arguments: Any) -> int:
        if not done.is_set():
            done.set()
            do()
        return rows(*arguments)

    with monkeypatch.context() as copying:
        copying.setattr(store_copy, "copy_rows", copy_rows)
        yield


def test_a_move_is_refused_if_the_old_site_writes_meanwhile_and_succeeds_once_it_is_stopped(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with during_the_copy(monkeypatch, lambda: write(old, "UPDATE runs_run SET lesson = 'changed'")):
        with pytest.raises(CommandError, match="Nothing was moved. Stop the old site, then move again"):
            call_command("move", old)
    assert not Run.objects.exists()
    call_command("move", old)
    assert set(Run.objects.values_list("lesson", flat=True)) == {"changed"}


def test_a_store_that_is_copied_while_its_site_writes_is_as_it_was_at_one_moment(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`restore` copies a site that goes on, as for a rehearsal; half of what a transaction writes is never copied."""
    with during_the_copy(monkeypatch, lambda: write(old, "UPDATE runs_run SET lesson = 'changed'")):
        call_command("restore", old)
    assert "changed" not in set(Run.objects.values_list("lesson", flat=True))


@pytest.mark.thorough
def test_a_site_that_still_runs_is_noticed_by_its_heartbeat(hosted: Path, settings: Any) -> None:
    settings.TUTOR_LEASE_S = 60
    over = threading.Event()

    def beat() -> None:
        while not over.wait(0.01):
            write(hosted)

    site = threading.Thread(target=beat)
    site.start()
    try:
        with pytest.raises(CommandError, match="still writes"):
            call_command("move", hosted)
    finally:
        over.set()
        site.join()
    assert not Run.objects.exists()


@pytest.mark.thorough
def test_a_site_that_was_killed_is_moved_after_a_lease_without_a_heartbeat(hosted: Path, settings: Any) -> None:
    settings.TUTOR_LEASE_S = 0.01
    said = run_command("move", str(hosted)).out
    assert "The old site may still run. Watching its heartbeat for 0.01 s…" in said
    assert Run.objects.exists() and not Host.objects.exists()


def test_a_move_changes_nothing_in_the_old_store(old: Path) -> None:
    before = old.read_bytes()
    call_command("move", old)
    assert old.read_bytes() == before
