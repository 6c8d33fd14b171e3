"""The thread that deletes what is kept no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.recording import Recording
from tutor.runs.cleaner import OWN, Cleaner
from tutor.runs.library import KEPT
from tutor.runs.models import GoneRun, Run

pytestmark = pytest.mark.django_db


def test_it_deletes_sessions_that_have_expired() -> None:
    now = timezone.now()
    for key, days in (("expired", -1), ("in use", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    assert not Cleaner(OWN).make_one()
    assert [each.session_key for each in Session.objects.all()] == ["in use"]


def test_it_deletes_runs_that_are_kept_no_longer(recording: Recording) -> None:
    recording.go_on()
    Run.objects.update(asked_at=timezone.now() - KEPT - timedelta(days=1), state=Run.State.ENDED)
    Cleaner(OWN).make_one()
    assert not Run.objects.exists()
    assert GoneRun.objects.get().reason == GoneRun.Reason.EXPIRED


def test_a_job_that_fails_is_logged_and_keeps_none_of_the_others_from_their_work(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = []

    def fail() -> None:
        raise OSError("no disk")

    Cleaner((fail, lambda: done.append("done"))).make_one()
    assert done == ["done"]
    assert "Could not delete what is kept no longer" in caplog.text
