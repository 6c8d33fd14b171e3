"""The page of this browser's runs: naming, pinning, deleting, and what an address of a deleted run says."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.recording import SLUG, Recording
from tutor.classroom.models import Room, Seen
from tutor.lessons import catalogue
from tutor.quizzes.models import Attempt
from tutor.runs.library import MOST_PINNED, runs_of, tidy
from tutor.runs.models import Event, GoneRun, Run
from tutor.runs.versions import version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(client: Client, recording: Recording) -> Run:
    """A run of this browser that has ended."""
    session = SessionStore()
    session.create()
    client.cookies["sessionid"] = session.session_key
    recording.go_on()
    Run.objects.filter(pk=recording.run.pk).update(session=session.session_key, state=Run.State.ENDED)
    return Run.objects.get(pk=recording.run.pk)


def another(session: str, **more: object) -> Run:
    lesson = catalogue.get(SLUG)
    inputs = {"knobs": lesson.defaults, "state": Run.State.ENDED, "session": session, **more}
    return Run.objects.create(lesson=SLUG, version=version_of(lesson), **inputs)


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/runs/{query}")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def change(client: Client, run: Run, do: str, **more: str) -> int:
    return client.post(f"/runs/{run.public_id}/change/", {"do": do, **more}).status_code


def make_old(run: Run, days: int = 31) -> None:
    Run.objects.filter(pk=run.pk).update(asked_at=timezone.now() - timedelta(days=days))


def test_it_lists_the_runs_of_this_browser_with_their_inputs_and_outcome(client: Client, own: Run) -> None:
    another("somebody else")
    shown = page(client)
    assert shown.count('class="card runs__run"') == 1
    assert f'href="/runs/{own.public_id}/"' in shown
    assert "math.copysign(1, -1)" in shown
    assert "finished" in shown


def test_without_runs_it_says_how_to_get_one(client: Client) -> None:
    assert "This browser has no runs." in page(client)


def test_a_run_is_named_and_the_name_is_text(client: Client, own: Run) -> None:
    assert change(client, own, "name", name="  <script>alert(1)</script>  for   Ada " + "x" * 500) == 302
    own.refresh_from_db()
    assert len(own.name) == 60
    assert own.name.startswith("<script>alert(1)</script> for Ada")
    assert "<script>alert(1)" not in client.get("/runs/").content.decode()


def test_a_pinned_run_is_first_and_outlives_the_others(client: Client, own: Run) -> None:
    newer = another(own.session)
    assert change(client, own, "pin") == 302
    shown = page(client)
    assert shown.index(own.public_id) < shown.index(newer.public_id)
    for run in (own, newer):
        make_old(run)
    assert tidy() == 1
    assert list(runs_of(own.session)) == [own]
    change(client, own, "unpin")
    assert tidy() == 1


def test_only_so_many_runs_can_be_pinned(client: Client, own: Run) -> None:
    Run.objects.bulk_create(
        Run(lesson=SLUG, version=own.version, session=own.session, is_pinned=True) for _ in range(MOST_PINNED)
    )
    response = client.post(f"/runs/{own.public_id}/change/", {"do": "pin"})
    assert response.status_code == 409
    assert "You have pinned 100 runs. Unpin or delete one of them first." in html.unescape(response.content.decode())


def test_a_deleted_run_is_gone_with_its_events_and_answers_and_its_address_says_so(client: Client, own: Run) -> None:
    Attempt.objects.create(browser="b", quiz=f"run/{own.public_id}", run=own)
    assert change(client, own, "delete") == 302
    assert not Run.objects.exists()
    assert not Event.objects.exists()
    assert not Attempt.objects.exists()
    response = client.get(f"/runs/{own.public_id}/?step=3")
    assert response.status_code == 410
    assert "no-store" in response["Cache-Control"]
    said = html.unescape(response.content.decode())
    assert "<h1>This run is gone</h1>" in said
    assert "The browser that started this run has deleted it." in said
    assert f'You can run <a href="/lessons/{SLUG}/">{catalogue.get(SLUG).content.title}</a> again.' in said
    assert client.post(f"/runs/{own.public_id}/quiz/first/").status_code == 410


def test_an_expired_run_says_why_it_is_gone(client: Client, own: Run) -> None:
    make_old(own, 29)
    assert tidy() == 0
    make_old(own)
    call_command("tidy", verbosity=0)
    response = client.get(f"/runs/{own.public_id}/")
    assert response.status_code == 410
    assert "was not pinned, and was deleted after 30 days" in response.content.decode()
    assert GoneRun.objects.get().reason == GoneRun.Reason.EXPIRED


def test_a_run_that_goes_on_is_not_deleted(client: Client, own: Run) -> None:
    live = another(own.session, state=Run.State.RUNNING, host="elsewhere")
    response = client.post(f"/runs/{live.public_id}/change/", {"do": "delete"})
    assert response.status_code == 409
    assert "It can be deleted when it has ended." in response.content.decode()
    make_old(live)
    assert tidy() == 0


def test_a_run_that_a_class_has_seen_is_kept_with_what_is_kept_of_the_class(client: Client, own: Run) -> None:
    room = Room.objects.create(version=own.version, run=own)
    Seen.objects.create(room=room, run=own, title="")
    response = client.post(f"/runs/{own.public_id}/change/", {"do": "delete"})
    assert response.status_code == 409
    assert own.events.exists()
    assert not GoneRun.objects.exists()
    make_old(own)
    assert tidy() == 0


def test_all_runs_are_deleted_but_pinned_and_live_ones(client: Client, own: Run) -> None:
    kept = {another(own.session, is_pinned=True), another(own.session, state=Run.State.RUNNING, host="elsewhere")}
    stranger = another("somebody else")
    assert client.post("/runs/delete/").status_code == 302
    assert set(Run.objects.all()) == {*kept, stranger}


@pytest.mark.parametrize("do", ["pin", "unpin", "name", "delete"])
def test_nobody_changes_a_run_of_others(client: Client, own: Run, do: str) -> None:
    assert change(Client(), own, do, name="mine now") == 404
    own.refresh_from_db()
    assert (own.name, own.is_pinned) == ("", False)


@pytest.mark.parametrize("do", ["", "explode", "x" * 9999])
def test_what_cannot_be_done_is_a_404(client: Client, own: Run, do: str) -> None:
    assert change(client, own, do) == 404


def test_another_site_cannot_change_anything(own: Run) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/runs/{own.public_id}/change/", {"do": "delete"}).status_code == 403
    assert strict.post("/runs/delete/").status_code == 403
    assert strict.get("/runs/delete/").status_code == 405


def test_older_runs_are_on_further_pages(client: Client, own: Run) -> None:
    for _ in range(31):
        another(own.session)
    assert page(client).count('class="card runs__run"') == 30
    assert page(client, "?page=2").count('class="card runs__run"') == 2
    assert page(client, "?page=banana").count('class="card runs__run"') == 30


def test_sharing_pins_a_run_of_this_browser_and_no_other(client: Client, own: Run) -> None:
    assert "data-pin" in client.get(f"/runs/{own.public_id}/").content.decode()
    assert "data-pin" not in Client().get(f"/runs/{own.public_id}/").content.decode()
    response = client.post(f"/runs/{own.public_id}/change/", {"do": "pin"}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 204
    own.refresh_from_db()
    assert own.is_pinned


def test_what_was_done_to_a_run_comes_first_in_its_name(client: Client, own: Run) -> None:
    deed = {"at": {"event": "started", "count": 1}, "action": "kill", "subject": {"kind": "cluster"}}
    Run.objects.filter(pk=own.pk).update(interventions=[deed])
    assert "<code>kill its worker · math.copysign(1, -1)</code>" in page(client)


def test_a_run_is_deleted_by_a_second_press(client: Client, own: Run) -> None:
    found = re.search(r'<details class="runs__delete"><summary.*?>(.*?)</summary>(.*?)</details>', page(client))
    assert found
    assert found[1].startswith("Delete…")
    assert 'value="delete">Delete it for good' in found[2]
