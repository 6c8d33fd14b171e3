"""A run's page shows the version of the lesson that was run, and says so if that isn't today's."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.lessons.catalogue import Catalogue
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db
EARLIER, UNKNOWN = "an earlier version of the lesson", "isn&#x27;t known any more"
GONE, TODAYS = "isn&#x27;t in the catalogue at present", "Run today&#x27;s version"


def page_at(client: Client, run: Run, step: int) -> str:
    response = client.get(f"/runs/{run.public_id}/?step={step}")
    assert response.status_code == 200
    return response.content.decode().replace("'", "&#x27;")


def test_a_run_of_todays_version_has_no_notice(recording: Recording, client: Client) -> None:
    recording.go_on()
    assert "version-notice" not in page_at(client, recording.run, 3)


def test_a_run_of_a_version_that_is_not_stored_shows_its_program_and_the_steps_of_all_lessons(
    recording: Recording, client: Client
) -> None:
    Run.objects.filter(pk=recording.run.pk).update(version=None)
    recording.go_on()
    page = page_at(client, recording.run, 99)
    assert UNKNOWN in page
    assert TODAYS in page
    assert "The task completes" in page
    assert "Visual quiz" not in page
    assert "minutes</span>" not in page


def test_a_run_of_a_lesson_that_is_gone_opens_and_cannot_be_run_again(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on()
    monkeypatch.setattr(catalogue, "current", lambda: Catalogue(()))
    page = page_at(client, recording.run, 3)
    assert GONE in page
    assert TODAYS not in page
    assert "data-run" not in page
    assert "The task completes" in page


def test_a_run_of_an_earlier_version_says_so_and_offers_todays(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on()
    assert EARLIER not in page_at(client, recording.run, 3)
    monkeypatch.setattr(Lesson, "version", property(lambda lesson: str(id(lesson))))
    page = page_at(client, recording.run, 3)
    assert EARLIER in page
    assert TODAYS in page
