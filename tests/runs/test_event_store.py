"""Each batch is stored in one transaction with the check of its lease, and an end with its state."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    connections,
)

from tests.locked_store import PATIENCE, locked_store
from tests.recording import Recording
from tutor.runs.event_store import LeaseLost, end_run, patiently, store
from tutor.runs.models import Event, Host, Run
from tutor.runs.reaper import give_up
from tutor.runs.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)
LOST = {"outcome": "lost", "reason": "Its host was given up."}


def event(run: Run, number: int, kind: str = "line") -> Event:
    return Event(run=run, number=number, kind=kind, lane="host", pid=1, at=number)


def numbers(run: Run) -> list[int]:
    return list(run.events.order_by("number").values_list("number", flat=True))


def state_of(run: Run) -> str:
    return Run.objects.get(pk=run.pk).state


def test_a_given_up_hosts_late_batch_stores_nothing(recording: Recording) -> None:
    recording.go_on(lambda seen: seen.kind == "queued")
    before = numbers(recording.run)
    give_up(Host.objects.get(), LOST["reason"])
    with pytest.raises(LeaseLost):
        recording.go_on()
    assert numbers(recording.run) == [*before, len(before) + 1]
    assert [each.payload for each in recording.run.events.filter(kind="ended")] == [LOST]


def test_a_run_of_another_host_takes_no_events(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(host="another")
    with pytest.raises(LeaseLost):
        store([event(run, 1)])
    end_run(run, "lost", "")
    assert (numbers(run), state_of(run)) == ([], Run.State.RUNNING)


def test_a_run_ends_once(recording: Recording) -> None:
    recording.go_on()
    before = numbers(recording.run)
    end_run(recording.run, "lost", "too late")
    with pytest.raises(LeaseLost):
        store([event(recording.run, len(before) + 1, "ended")])
    assert numbers(recording.run) == before
    assert recording.run.events.order_by("number").last().kind == "ended"  # type: ignore[union-attr]


@contextmanager
def refused_states() -> Iterator[None]:
    """Have the store refuse every change of a run."""
    refuse, accept = {
        "sqlite": (
            "CREATE TRIGGER refuse BEFORE UPDATE ON runs_run BEGIN SELECT RAISE(ABORT, 'refused'); END",
            "DROP TRIGGER refuse",
        ),
        "postgresql": (
            "CREATE FUNCTION refuse() RETURNS trigger AS $$BEGIN RAISE 'refused'; END$$ LANGUAGE plpgsql;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON runs_run EXECUTE FUNCTION refuse()",
            "DROP FUNCTION refuse CASCADE",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(refuse)
        try:
            yield
        finally:
            cursor.execute(accept)


@pytest.mark.parametrize("ended_by", ["its lab", "its host"])
def test_an_end_that_can_not_be_stored_leaves_the_run_as_it_was(run: Run, ended_by: str) -> None:
    end = partial(store, [event(run, 1, "ended")]) if ended_by == "its lab" else partial(end_run, run, "lost", "")
    with refused_states(), pytest.raises(DatabaseError):
        end()
    assert (numbers(run), state_of(run)) == ([], Run.State.RUNNING)
    end()
    assert (numbers(run), state_of(run)) == ([1], Run.State.ENDED)


def test_an_end_is_announced_when_it_can_be_read(run: Run, announced: list[tuple[int, str]]) -> None:
    store([event(run, 1)])
    end_run(run, "lost", "")
    assert announced == [(run.pk, Run.State.RUNNING), (run.pk, Run.State.ENDED)]


def test_the_end_of_a_given_up_hosts_run_is_announced(run: Run, announced: list[tuple[int, str]]) -> None:
    give_up(Host.objects.get(), LOST["reason"])
    assert announced == [(run.pk, Run.State.ENDED)]


def test_a_writer_stores_what_was_added_while_the_store_was_locked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = threading.Event()
    monkeypatch.setattr("tutor.runs.event_store.logger.warning", lambda *message, **names: refused.set())
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], *PATIENCE[connection.vendor])
    with Writer(store) as writer:
        with locked_store():
            for number in range(1, 6):
                writer.add([event(run, number)])
            assert refused.wait(30)
            assert numbers(run) == []
        writer.add([event(run, 6, "ended")])
    assert (numbers(run), state_of(run)) == ([1, 2, 3, 4, 5, 6], Run.State.ENDED)


def test_a_writer_stores_what_was_added_while_a_table_was_gone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = threading.Event()
    monkeypatch.setattr("tutor.runs.event_store.logger.warning", lambda *message, **names: refused.set())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE runs_event RENAME TO elsewhere")
        with Writer(store) as writer:
            try:
                writer.add([event(run, 1), event(run, 2, "ended")])
                assert refused.wait(30)
            finally:
                cursor.execute("ALTER TABLE elsewhere RENAME TO runs_event")
    assert (numbers(run), state_of(run)) == ([1, 2], Run.State.ENDED)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        OperationalError("database or disk is full"),
        OperationalError("attempt to write a readonly database"),
        OperationalError("no such table: runs_event"),
        DatabaseError("file is not a database"),
        ProgrammingError('relation "runs_event" does not exist'),
        InterfaceError("connection already closed"),
    ],
    ids=str,
)
def test_a_store_that_fails_for_a_while_is_written_to_until_it_is_back(error: Exception) -> None:
    answers = iter([error, error, None])

    def write() -> str:
        if failure := next(answers):
            raise failure
        return "stored"

    assert patiently(write) == "stored"


def test_what_can_not_be_stored_is_not_tried_again() -> None:
    def write() -> None:
        raise IntegrityError("UNIQUE constraint failed")

    with pytest.raises(IntegrityError):
        patiently(write)


def test_a_writer_whose_lease_is_lost_says_so_and_stores_nothing_more(run: Run) -> None:
    end_run(Run.objects.get(pk=run.pk), "lost", "")
    with pytest.raises(LeaseLost):
        with Writer(store) as writer:
            writer.add([event(run, 2)])
    assert numbers(run) == [1]


def test_each_attempt_to_write_has_a_connection_of_its_own() -> None:
    used: list[object] = []

    def write() -> None:
        connection.ensure_connection()
        used.append(connection.connection)
        if len(used) == 1:
            raise OperationalError("disk I/O error")

    patiently(write)
    assert used[0] is not used[1]
