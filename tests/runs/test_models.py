from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from tutor.runs.models import ALPHABET, Event, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    run = Run.objects.create(lesson="task-results-and-status")
    return Event.objects.create(run=run, number=1, kind="asked", lane="host", pid=1, at=0)


def test_an_event_is_never_changed(event: Event) -> None:
    event.kind = "queued"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        Event.objects.filter(pk=event.pk).update(kind="queued")
    with pytest.raises(TypeError):
        Event.objects.bulk_update([event], ["kind"])
    assert Event.objects.get().kind == "asked"


def test_an_event_is_never_deleted(event: Event) -> None:
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        Event.objects.all().delete()
    with pytest.raises(ProtectedError):
        event.run.delete()
    assert Event.objects.count() == 1


def test_two_events_of_a_run_never_have_the_same_number(event: Event) -> None:
    with pytest.raises(IntegrityError):
        Event.objects.create(run=event.run, number=1, kind="queued", lane="caller", pid=1, at=0)


def test_a_run_has_a_short_id_that_can_not_be_guessed() -> None:
    ids = {Run.objects.create(lesson="x").public_id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(each) == 10 and set(each) <= set(ALPHABET) for each in ids)
