from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.runs.code_hash import hash_of_code
from tutor.runs.models import ReferenceRun, Run

pytestmark = pytest.mark.django_db


def test_it_leads_to_the_first_lesson_and_shows_its_program(client: Client) -> None:
    page = client.get("/").content.decode()
    assert f'href="/lessons/{SLUG}/"' in page
    assert "Run the first lesson" in page
    assert "# Start a task" in page


def test_a_returning_visitor_sees_where_they_were_and_goes_on(client: Client) -> None:
    session = client.session
    session.save()
    Run.objects.create(lesson="too-early", session=session.session_key)
    run = Run.objects.create(lesson=SLUG, session=session.session_key)
    page = client.get("/").content.decode()
    assert "Where you were" in page
    assert f'href="{run.get_absolute_url()}?step=1"' in page
    assert "Go on with lesson 3" in page
    assert "Where you were" not in Client().get("/").content.decode()


@pytest.fixture
def played(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A reference run of the first lesson, which the home page plays."""
    recording.go_on()
    run = recording.run
    ReferenceRun.objects.create(run=run, version=run.version, case="default", code=hash_of_code(), number=1)
    monkeypatch.setattr(catalogue, "home_of", lambda lessons: lessons.get(SLUG))
    return run


def test_it_plays_a_recorded_run_up_to_its_question(client: Client, played: Run) -> None:
    page = client.get("/").content.decode()
    assert f"<b>{played.public_id}</b>" in page
    assert "Which process will write its result into the database?" in page
    assert f'href="{played.get_absolute_url()}?step=2"' in page
    assert ">slow motion" in page
    assert "Run it yourself" in page


def test_it_rests_in_its_last_scene_with_nothing_that_comes_later(client: Client, played: Run) -> None:
    page = client.get("/").content.decode()
    shown = page[page.index("data-prelude ") : page.index("</section>", page.index("data-prelude "))]
    assert "no row yet" in shown
    assert "Success" not in shown
    assert "-1.0" not in shown
    assert shown.index('data-station="worker-a"') < shown.index("data-stops=") < shown.index('data-station="results"')
    assert "style=" not in shown


def test_without_a_lesson_for_it_the_home_page_has_the_first_lesson(
    client: Client, played: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "home_of", lambda lessons: None)
    page = client.get("/").content.decode()
    assert "Run the first lesson" in page
    assert "data-prelude" not in page


def test_a_site_without_lessons_has_a_home_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "lessons", lambda: {})
    page = client.get("/").content.decode()
    assert "There are no lessons here yet." in page


def test_its_content_security_policy_allows_nothing_unsafe(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
