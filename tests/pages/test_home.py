from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import SLUG
from tutor.lessons import catalogue
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db


def test_it_leads_to_the_first_lesson_and_shows_its_program(client: Client) -> None:
    page = client.get("/").content.decode()
    assert f'href="/lessons/{SLUG}/"' in page
    assert "Run the first lesson" in page
    assert "# Start a task" in page


def test_a_returning_visitor_goes_on_with_the_next_lesson(client: Client) -> None:
    session = client.session
    session.save()
    Run.objects.create(lesson=SLUG, session=session.session_key)
    page = client.get("/").content.decode()
    assert "Go on with lesson 2" in page
    assert "Begin again" in page


def test_a_site_without_lessons_has_a_home_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "lessons", lambda: {})
    page = client.get("/").content.decode()
    assert "There are no lessons here yet." in page


def test_its_content_security_policy_allows_nothing_unsafe(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
