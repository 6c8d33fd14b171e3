from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.pages.waiting_queue import WaitingQueue
from tests.recording import SLUG
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
START = f"{LESSON}run/"


def test_a_waiting_run_shows_its_place_in_the_run_queue(queue: WaitingQueue, client: Client) -> None:
    Run.objects.create(lesson=SLUG, knobs={})
    response = client.post(START, follow=True)
    assert response.redirect_chain == [(Run.objects.latest("pk").get_absolute_url(), 302)]
    assert response.context["waiting_place"] == 2
    assert "Waiting in the run queue, place 2" in response.content.decode()


def test_a_knob_out_of_bounds_is_refused_with_the_bounds_beside_the_field(client: Client) -> None:
    response = client.post(START, {"x": "banana", "y": "7"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="banana"' in page
    assert 'value="7"' in page
    assert "1e+308" in page or "1e308" in page
    assert not Run.objects.exists()


def test_it_only_allows_post(client: Client) -> None:
    assert client.get(START).status_code == 405


def test_another_site_can_not_start_a_run() -> None:
    assert Client(enforce_csrf_checks=True).post(START, {"x": "1"}).status_code == 403


def test_a_case_is_run_with_its_own_knobs_and_interventions(client: Client, queue: WaitingQueue) -> None:
    response = client.post(f"{START}?case=killed", {"x": "ignored"})
    run = Run.objects.get()
    assert response.status_code == 302
    assert run.knobs["function"] == "math.copysign"
    assert [each["action"] for each in run.interventions] == ["kill"]
    assert "The worker is killed.</p>" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("case", ["no-such-case", "<b>", "x" * 2000])
def test_an_unknown_case_is_not_found(client: Client, case: str) -> None:
    assert client.post(f"{START}?{urlencode({'case': case})}").status_code == 404
    assert not Run.objects.exists()


def test_a_new_run_replaces_the_browsers_older_one(queue: WaitingQueue, client: Client) -> None:
    client.post(START)
    first = Run.objects.get()
    client.post(START, {"x": "5"})
    assert queue.cancelled == [first.public_id]


def test_a_browser_that_starts_too_many_runs_is_told_what_to_do(
    queue: WaitingQueue, client: Client, settings: Any
) -> None:
    settings.TUTOR_RUNS_PER_MINUTE = 2
    client.post(START)
    client.post(START)
    response = client.post(START)
    assert response.status_code == 429
    assert "press Run again" in response.content.decode()
    assert Client().post(START).status_code == 302


def test_a_refused_visitor_leaves_nothing_in_the_store(queue: WaitingQueue, settings: Any) -> None:
    settings.TUTOR_RUNS_PER_MINUTE = settings.TUTOR_SESSIONS_PER_ADDRESS = 1
    Client().post(START)
    assert Client().post(START).status_code == 429
    assert (Run.objects.count(), Session.objects.count()) == (1, 1)


def test_a_session_that_the_site_does_not_know_becomes_a_new_one(queue: WaitingQueue, client: Client) -> None:
    client.cookies[site_settings.SESSION_COOKIE_NAME] = "made-up" * 400
    assert client.post(START).status_code == 302
    assert Run.objects.get().session == Session.objects.get().session_key


def test_an_address_that_is_no_ip_address_is_not_kept(queue: WaitingQueue, client: Client) -> None:
    assert client.post(START, REMOTE_ADDR="not an ip").status_code == 302
    assert Run.objects.get().address is None


def test_a_full_store_takes_no_more_runs_and_says_so(queue: WaitingQueue, client: Client, settings: Any) -> None:
    settings.TUTOR_MAX_STORE_MIB = 0
    response = client.post(START)
    assert response.status_code == 429
    assert "no room for more runs" in response.content.decode()


def test_a_full_run_queue_takes_no_more_runs(queue: WaitingQueue, client: Client, settings: Any) -> None:
    settings.TUTOR_MAX_WAITING = 1
    client.post(START)
    assert "run queue is full" in client.post(START).content.decode()


def test_the_waiting_runs_of_a_host_that_has_ended_do_not_count(
    queue: WaitingQueue, client: Client, settings: Any
) -> None:
    settings.TUTOR_MAX_WAITING = 1
    Run.objects.create(lesson=SLUG, host="ended")
    assert client.post(START).status_code == 302


def test_a_school_behind_one_address_may_have_sixty_browsers(queue: WaitingQueue, settings: Any) -> None:
    settings.TUTOR_RUNS_PER_MINUTE = 1
    for _ in range(60):
        assert Client().post(START).status_code == 302
    assert Client().post(START).status_code == 429
