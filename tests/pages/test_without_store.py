"""While the store fails, pages are served: what can't be read is missing, or the page says that it comes later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, connections
from django.test import Client

from tests.locked_store import PATIENCE, locked_store
from tests.recording import SLUG, Recording

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {"/": 200, "/lessons/": 200, f"/lessons/{SLUG}/": 200, "/quizzes/": 200, "/join/": 200, "/nothing/": 404}


@pytest.fixture
def visitor(client: Client) -> Client:
    """A browser with a session; an error of the site is its response."""
    session = client.session
    session["known"] = True
    session.save()
    client.raise_request_exception = False
    return client


@pytest.fixture(params=["runs_run", "runs_event", "runs_referencerun", "runs_lessonversion", "django_session"])
def missing(request: pytest.FixtureRequest) -> Iterator[str]:
    """A table that is gone until the test is over."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA legacy_alter_table = ON")
        cursor.execute(f"ALTER TABLE {request.param} RENAME TO elsewhere")
        yield request.param
        cursor.execute(f"ALTER TABLE elsewhere RENAME TO {request.param}")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA legacy_alter_table = OFF")


def test_pages_are_served_while_a_table_is_gone(visitor: Client, missing: str) -> None:
    assert {page: visitor.get(page).status_code for page in PAGES} == PAGES


def test_pages_are_served_while_the_store_can_not_be_reached(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(parameters: Any) -> None:
        raise OperationalError("connection refused")

    connection.close()
    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "get_new_connection", refuse)
        assert {page: visitor.get(page).status_code for page in PAGES} == PAGES
    assert visitor.session["known"]


def test_a_browser_keeps_its_session_while_that_can_not_be_read(visitor: Client) -> None:
    key = visitor.cookies["sessionid"].value
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_session RENAME TO elsewhere")
        try:
            assert "sessionid" not in visitor.get("/").cookies
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO django_session")
    assert Session.objects.filter(session_key=key).exists() and visitor.session["known"]


def test_a_page_of_a_run_that_can_not_be_read_comes_later(
    visitor: Client, recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    recording.go_on()
    address = f"/runs/{recording.run.public_id}/?step=2"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE runs_event RENAME TO elsewhere")
        try:
            response = visitor.get(address)
        finally:
            cursor.execute("ALTER TABLE elsewhere RENAME TO runs_event")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "A little later, please" in response.content.decode()
    assert visitor.get(address).status_code == 200


def test_a_run_that_can_not_be_stored_comes_later(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"]["OPTIONS"], *PATIENCE[connection.vendor])
    connection.close()
    try:
        with locked_store():
            assert visitor.post(f"/lessons/{SLUG}/run/").status_code == 503
            assert visitor.get(f"/lessons/{SLUG}/").status_code == 200
    finally:
        connection.close()


def test_a_mistake_of_the_site_is_not_taken_for_a_failure_of_the_store(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise ValueError("A mistake.")

    monkeypatch.setattr("tutor.pages.home.first_screen", fail)
    assert visitor.get("/").status_code == 500
