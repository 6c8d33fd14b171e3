from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.runs import reaper
from tutor.runs.models import Run
from tutor.runs.recorder import Recorder

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
PARTS = (
    "Step by step",
    "Concept flow",
    "Program",
    "Execution table",
    "Variable tracker",
    "Key moments",
    "Visual quiz",
    "Concept snapshot",
    "Transcript",
)


def test_the_first_page_leads_to_the_first_lesson(client: Client) -> None:
    assert LESSON in client.get("/").content.decode()


def test_a_lesson_at_rest_has_its_parts_and_nothing_that_a_run_would_show(client: Client) -> None:
    answered = client.get(LESSON).content.decode()
    for part in PARTS:
        assert part.lower() in answered.lower()
    assert "-1.0" not in answered


def test_a_run_shows_its_step_and_nothing_later(recording: Recording, client: Client) -> None:
    recording.go_on()
    first = client.get(f"/runs/{recording.run.public_id}/?step=1").content.decode()
    assert "-1.0" not in first
    assert "The task starts" not in first
    third = client.get(f"/runs/{recording.run.public_id}/?step=3").content.decode()
    assert "-1.0" in third
    assert "The last task is read" not in third


@pytest.mark.parametrize("step", ["0", "7", "999999999999", "x", "-1", "", "3.5"])
def test_a_step_that_there_is_not_shows_the_nearest_one(recording: Recording, client: Client, step: str) -> None:
    recording.go_on()
    assert client.get(f"/runs/{recording.run.public_id}/?step={step}").status_code == 200


@pytest.mark.parametrize("address", ["/lessons/no-such-lesson/", "/runs/nothere/", "/nothing"])
def test_what_is_not_there_is_a_page_that_helps(client: Client, address: str) -> None:
    answered = client.get(address)
    assert answered.status_code == 404
    assert LESSON in answered.content.decode()


def test_a_knob_out_of_bounds_is_refused_with_the_bound_beside_the_field(client: Client) -> None:
    answered = client.post(f"{LESSON}run/", {"x": "banana", "y": "7"})
    page = answered.content.decode()
    assert answered.status_code == 422
    assert 'value="banana"' in page
    assert 'value="7"' in page
    assert "1e+308" in page or "1e308" in page
    assert not Run.objects.exists()


@pytest.mark.parametrize("address", ["/", "/lessons/", LESSON, "/robots.txt"])
def test_whoever_only_asks_for_the_head_gets_it(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", ["/", "/lessons/", LESSON])
def test_what_differs_from_browser_to_browser_says_so_to_caches(client: Client, address: str) -> None:
    assert "Cookie" in client.get(address).headers["Vary"]


def test_a_run_of_a_lesson_that_is_gone_is_a_page_that_helps(recording: Recording, client: Client) -> None:
    recording.go_on()
    Run.objects.filter(pk=recording.run.pk).update(lesson="gone")
    answered = client.get(f"/runs/{recording.run.public_id}/?step=3")
    assert answered.status_code == 404
    assert "can&#x27;t be shown just now" in answered.content.decode()


def test_a_run_from_before_a_knob_was_added_is_shown_with_its_default(recording: Recording, client: Client) -> None:
    del recording.run.knobs["wait"]
    recording.run.save()
    recording.go_on()
    assert client.get(f"/runs/{recording.run.public_id}/?step=3").status_code == 200


def test_a_run_of_another_edition_of_the_lesson_says_so(run: Run, client: Client) -> None:
    says = "another edition of the lesson"
    address = f"/runs/{run.public_id}/?step=1"
    Recorder(run).ask(lesson=SLUG, edition=catalogue.get(SLUG).edition, knobs=run.knobs)
    assert says not in client.get(address).content.decode()
    other = Run.objects.create(lesson=SLUG, knobs=run.knobs, host="elsewhere", state=Run.State.RUNNING)
    Recorder(other).ask(lesson=SLUG, edition="older", knobs=run.knobs)
    assert says in client.get(f"/runs/{other.public_id}/?step=1").content.decode()


def test_a_run_can_not_be_started_by_a_link(client: Client) -> None:
    assert client.get(f"{LESSON}run/").status_code == 405


def test_a_run_can_not_be_started_by_another_site() -> None:
    assert Client(enforce_csrf_checks=True).post(f"{LESSON}run/", {"x": "1"}).status_code == 403


class Waiting:
    """A queue in which every run waits for ever."""

    name = "elsewhere"

    def __init__(self) -> None:
        self.cancelled: list[str] = []

    def add(self, run: Run) -> None:
        pass

    def cancel(self, run: Run, reason: str) -> None:
        self.cancelled.append(run.public_id)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    queue = Waiting()
    monkeypatch.setattr("tutor.runs.service.run_queue", lambda: queue)
    monkeypatch.setattr(reaper, "is_alive", lambda root, host: True)
    return queue


def test_a_run_in_line_shows_its_place(waiting: Waiting, client: Client) -> None:
    Run.objects.create(lesson=SLUG, knobs={}, host="elsewhere")
    answered = client.post(f"{LESSON}run/", follow=True)
    assert answered.context["waiting_place"] == 2
    assert "Waiting in the run queue, place 2" in answered.content.decode()


def test_a_new_run_takes_the_place_of_the_browsers_older_one(waiting: Waiting, client: Client) -> None:
    client.post(f"{LESSON}run/")
    first = Run.objects.get()
    client.post(f"{LESSON}run/", {"x": "5"})
    assert waiting.cancelled == [first.public_id]


def test_a_browser_that_starts_too_many_is_told_what_to_do(waiting: Waiting, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TUTOR_RUNS_PER_MINUTE = 2
    client.post(f"{LESSON}run/")
    client.post(f"{LESSON}run/")
    answered = client.post(f"{LESSON}run/")
    assert answered.status_code == 429
    assert "press Run again" in answered.content.decode()
    assert Client().post(f"{LESSON}run/").status_code == 302


def test_who_is_refused_leaves_nothing_in_the_store(waiting: Waiting, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TUTOR_RUNS_PER_MINUTE = settings.TUTOR_SESSIONS_PER_ADDRESS = 1
    Client().post(f"{LESSON}run/")
    assert Client().post(f"{LESSON}run/").status_code == 429
    assert (Run.objects.count(), Session.objects.count()) == (1, 1)


def test_a_session_that_nobody_knows_is_a_new_one(waiting: Waiting, client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "made-up" * 400
    assert client.post(f"{LESSON}run/").status_code == 302
    assert Run.objects.get().session == Session.objects.get().session_key


def test_an_address_that_is_none_is_not_kept(waiting: Waiting, client: Client) -> None:
    assert client.post(f"{LESSON}run/", REMOTE_ADDR="not an ip").status_code == 302
    assert Run.objects.get().address is None


def test_a_full_store_takes_no_more_runs_and_says_so(waiting: Waiting, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TUTOR_MAX_STORE_MIB = 0
    answered = client.post(f"{LESSON}run/")
    assert answered.status_code == 429
    assert "as much as it may keep" in answered.content.decode()


def test_a_school_behind_one_address_may_have_sixty_browsers(waiting: Waiting, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TUTOR_RUNS_PER_MINUTE = 1
    for _ in range(60):
        assert Client().post(f"{LESSON}run/").status_code == 302
    assert Client().post(f"{LESSON}run/").status_code == 429


def test_a_run_whose_process_is_gone_says_so_and_keeps_its_events(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    before = list(recording.run.events.values_list("number", "kind"))
    monkeypatch.setattr(reaper, "is_alive", lambda root, host: False)
    answered = client.get(f"/runs/{recording.run.public_id}/?step=2").content.decode()
    after = list(recording.run.events.values_list("number", "kind"))
    assert after[:-1] == before
    assert after[-1][1] == "ended"
    assert "ended before the run did" in answered


def test_pages_have_a_strict_policy(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(("option", "says"), [("1", "Right"), ("0", "Not")])
def test_an_answer_is_checked_at_once(client: Client, option: str, says: str) -> None:
    answered = client.get(f"{LESSON}quiz/1/?answer={option}")
    assert answered.status_code == 200
    assert says in answered.content.decode()


def test_a_question_about_a_run_takes_its_key_from_the_run(recording: Recording, client: Client) -> None:
    recording.go_on()
    with_run = client.get(f"{LESSON}quiz/2/?answer=2&run={recording.run.public_id}").content.decode()
    assert "Right" in with_run
    assert f"/runs/{recording.run.public_id}/?step=3" in with_run


@pytest.mark.parametrize("query", ["", "?answer=9", "?answer=x", "?answer=-1", "?answer=99999999999999999"])
def test_an_answer_that_there_is_not_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{LESSON}quiz/1/{query}").status_code == 404


def test_a_case_is_run_with_its_knobs_and_what_it_does_to_its_lab(client: Client, waiting: Waiting) -> None:
    answered = client.post(f"{LESSON}run/?case=killed", {"x": "ignored"})
    run = Run.objects.get()
    assert answered.status_code == 302
    assert run.knobs["function"] == "math.copysign"
    assert [each["action"] for each in run.interventions] == ["kill"]
    assert "The worker is killed</span>" in client.get(answered["Location"]).content.decode()


def test_a_case_fills_in_its_knobs(client: Client) -> None:
    page = client.get(f"{LESSON}?case=fails").content.decode()
    assert '<option value="math.fmod" selected>' in page
    assert 'name="y" value="0"' in page


@pytest.mark.parametrize("case", ["no-such-case", "<b>", "x" * 2000])
def test_a_case_that_there_is_not_is_not_found(client: Client, case: str) -> None:
    answered = client.get(LESSON, {"case": case})
    assert answered.status_code == 404
    assert "(known: default, " in answered.content.decode()
    assert client.post(f"{LESSON}run/?{urlencode({'case': case})}").status_code == 404
    assert not Run.objects.exists()


def test_the_class_is_asked_until_the_step_that_answers(recording: Recording, client: Client) -> None:
    recording.go_on()

    def page(step: int) -> str:
        return client.get(f"/runs/{recording.run.public_id}/?step={step}").content.decode()

    assert "Before you go on" not in client.get(LESSON).content.decode()
    assert ["Before you go on" in page(step) for step in (1, 2, 3, 6)] == [True, True, False, False]
    right = client.get(f"{LESSON}quiz/0/?answer=1&run={recording.run.public_id}").content.decode()
    assert "Right" in right


def test_nobody_is_asked_any_more_when_another_step_has_given_the_answer(recording: Recording, client: Client) -> None:
    failed = {"success": False, "result": "Traceback", "error": "ValueError: math domain error"}
    for seen in recording.rest:
        if seen.kind in ("finished", "stored"):
            seen.payload.update(failed)
    recording.go_on()
    third = client.get(f"/runs/{recording.run.public_id}/?step=3").content.decode()
    assert "The task fails" in third
    assert "Before you go on" not in third


def test_an_answer_without_scripts_leads_back_to_the_step_that_it_was_given_at(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    address = f"/runs/{recording.run.public_id}/"
    assert 'name="step" value="2"' in client.get(f"{address}?step=2").content.decode()
    answered = client.get(f"{LESSON}quiz/0/?answer=0&run={recording.run.public_id}&step=2").content.decode()
    assert f'href="{address}?step=2#question-0"' in answered
    assert 'name="step" value="2"' in answered


def test_a_presenters_note_is_folded_away_where_the_step_has_one(recording: Recording, client: Client) -> None:
    recording.go_on()
    assert "For presenters" not in client.get(LESSON).content.decode()
    page = client.get(f"/runs/{recording.run.public_id}/?step=1").content.decode()
    assert '<details class="card more presenter-note"><summary><h2>For presenters</h2>' in page


def test_a_lesson_names_its_neighbours_practice_and_sources(client: Client) -> None:
    page = client.get(LESSON).content.decode()
    assert "After this you can" in page
    assert "Try this in your project" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert 'href="https://' in page


def test_a_claim_leads_to_its_step_once_that_was_reached(recording: Recording, client: Client) -> None:
    recording.go_on()
    address = f"/runs/{recording.run.public_id}/?step="
    claim = f'<a class="claim" href="{address}3">Success</a>'
    assert claim not in client.get(f"{address}2").content.decode()
    assert claim in client.get(f"{address}3").content.decode()
    assert f"{LESSON}?case=fails#knobs" in client.get(f"{address}3").content.decode()
