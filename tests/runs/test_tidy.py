"""Runs that are kept no longer are deleted many at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.recording import SLUG
from tutor.classroom.models import Room, Seen
from tutor.lessons import catalogue
from tutor.runs import library
from tutor.runs.library import KEPT, delete_all, tidy
from tutor.runs.models import Event, GoneRun, Run
from tutor.runs.versions import version_of

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = 3


def old_runs(number: int) -> list[Run]:
    """Store runs that are kept no longer, with their events."""
    runs = Run.objects.bulk_create(Run(lesson="old", state=Run.State.ENDED) for _ in range(number))
    Run.objects.update(asked_at=timezone.now() - KEPT - timedelta(days=1))
    Event.objects.bulk_create(
        Event(run=run, number=each, kind="line", lane="host", pid=1, at=each) for run in runs for each in range(EVENTS)
    )
    return runs


def test_their_number_has_no_influence_on_the_number_of_statements() -> None:
    counts = []
    for number in (2, 40):
        old_runs(number)
        with CaptureQueriesContext(connection) as queries:
            assert tidy() == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert not Event.objects.exists()
    assert GoneRun.objects.filter(reason=GoneRun.Reason.EXPIRED).count() == 42


def test_others_can_write_after_each_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "AT_ONCE", 2)
    left: list[int] = []
    monkeypatch.setattr("tutor.runs.library.time.sleep", lambda seconds: left.append(Run.objects.count()))
    old_runs(5)
    assert tidy() == 5
    assert left == [3, 1]


def test_those_that_a_class_has_seen_by_now_keep_none_of_the_others() -> None:
    runs = old_runs(5)
    seen = runs[2]
    Seen.objects.create(room=Room.objects.create(version=version_of(catalogue.get(SLUG))), run=seen, title="")
    assert delete_all(Run.objects.all()) == 4
    assert list(Run.objects.all()) == [seen]
    assert seen.events.count() == EVENTS
    assert GoneRun.objects.count() == 4


def test_those_that_go_on_are_kept() -> None:
    _, live = old_runs(2)
    Run.objects.filter(pk=live.pk).update(state=Run.State.RUNNING)
    assert delete_all(Run.objects.all()) == 1
    assert list(Run.objects.all()) == [live]


def test_processes_that_delete_at_the_same_time_delete_each_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "AT_ONCE", 5)
    monkeypatch.setattr(library, "writing", threading.Semaphore(4))  # Which several processes don't share.
    old_runs(40)
    deleted: list[int] = []

    def delete() -> None:
        deleted.append(tidy())
        connections.close_all()

    threads = [threading.Thread(target=delete) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(deleted) == GoneRun.objects.count() == 40
    assert not Run.objects.exists()


def test_that_a_run_is_gone_is_said_for_a_year() -> None:
    old_runs(2)
    assert tidy() == 2
    first, _ = GoneRun.objects.all()
    GoneRun.objects.filter(pk=first.pk).update(at=timezone.now() - timedelta(days=366))
    tidy()
    assert GoneRun.objects.count() == 1
