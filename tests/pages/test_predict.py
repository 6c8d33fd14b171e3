from __future__ import annotations

import html
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.pages.asking import HTMX, TOKEN
from tests.quizzes.test_predictions import OWN, parts_after
from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.pages import predict
from tutor.quizzes.models import Response

pytestmark = pytest.mark.django_db
LESSON = catalogue.get(SLUG)
KEY_2 = LESSON.content.ask.options[LESSON.content.ask.key].text if LESSON.content.ask else ""
"""The right answer after step 2, to the question to the class."""
LATER = ("Success", "-1.0", "The task completes")
"""Words of steps after the second one."""


@pytest.fixture(autouse=True)
def paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference runs: one goes as the recorded run does, one parts from it after step 1, another one after step 4."""
    fails = parts_after(1, "raised", "The program raises"), parts_after(4, "gone", "The row is gone")
    monkeypatch.setattr(predict, "paths_of", lambda lesson: {"default": [OWN], "early": fails[:1], "fails": fails[1:]})


@pytest.fixture
def address(recording: Recording) -> str:
    recording.go_on()
    return f"/runs/{recording.run.public_id}/?style=predict&step="


def text_at(client: Client, page: str, **headers: str) -> str:
    return html.unescape(client.get(page, headers=headers).content.decode())


def form_in(text: str) -> tuple[str, str, dict[str, str]]:
    """Return the address of the open question on a page, its token, and text of an option → its place."""
    own = text[text.index('class="prediction__form"') :].partition("</form>")[0]
    action = re.search(r'action="([^"]+)"', own)
    token = TOKEN.search(own)
    assert action
    assert token
    places = re.findall(r'value="(\d)"[^>]*><span class="option__text">(.*?)</span>', own)
    return html.unescape(action[1]), token[1], {text: place for place, text in places}


def say(client: Client, page: str, said: str, sure: str = "1", **headers: str) -> HttpResponse:
    """Answer the open question on a page."""
    address, token, places = form_in(text_at(client, page))
    sent = {"token": token, "kind": "answer", "option": places[said], "sure": sure}
    return client.post(address, sent, headers=headers)


def test_the_walk_stops_before_a_question_whichever_step_is_asked_for(client: Client, address: str) -> None:
    for step in (1, 2, 6, 99):
        text = text_at(client, f"{address}{step}")
        assert 'data-made="1"' in text
        assert 'data-step="1"' in text
        assert "What comes next?" in text


def test_nothing_that_is_sent_before_the_answer_tells_it(client: Client, address: str) -> None:
    say(client, f"{address}1", OWN[1][1])
    for step in (2, 3, 6):
        for headers in ({}, HTMX):
            text = text_at(client, f"{address}{step}", **headers)
            stage = text[text.index('id="stage"') :]
            assert 'data-made="2"' in text
            assert not [word for word in LATER if word in re.sub(r'<label class="option.*?</label>', "", stage)]
            assert "of 6" not in text
            assert "option--right" not in text


def test_fragments_that_a_viewer_uncovers_are_kept_by_no_cache(client: Client, address: str) -> None:
    for _ in range(2):
        found = client.get(f"{address}1", headers=HTMX)
        assert found["Cache-Control"] == "no-store"
        assert "?uncovered=1&amp;" in found.content.decode()
        assert "?edition=" not in found.content.decode()
    edition = re.search(r'data-edition="([^"]+)"', text_at(client, f"{address}1"))
    assert edition
    forged = client.get(f"{address}6&edition={edition[1]}", headers=HTMX)
    assert forged["Cache-Control"] == "no-store"
    assert 'data-made="1"' in forged.content.decode()


def test_a_page_of_a_covered_run_has_no_socket_and_a_neutral_title(client: Client, address: str) -> None:
    text = text_at(client, f"{address}1")
    assert "ws-connect" not in text
    assert f"<h1>{LESSON.content.neutral_title}</h1>" in text
    assert LESSON.content.title not in text.partition("<main")[0]
    assert LESSON.content.summary_text not in text


def test_after_the_answer_the_page_says_what_was_said_and_what_came(client: Client, address: str) -> None:
    assert say(client, f"{address}1", "The program raises", sure="0").status_code == 302
    text = text_at(client, f"{address}1")
    assert 'data-made="2"' in text
    assert "You said, guessing" in text
    assert "<b>The program raises</b>" in text
    assert f"<b>{OWN[1][1]}</b>" in text
    assert "≠" in text
    assert f'You would be right in the case “<a href="/lessons/{SLUG}/claim/?of=early%2Fstep%40raised">' in text
    stored = Response.objects.get()
    assert (stored.question, stored.is_right, stored.is_sure) == ("predict-1", False, False)


def test_to_htmx_the_answer_says_only_that_the_step_is_outdated(client: Client, address: str) -> None:
    answered = say(client, f"{address}1", OWN[1][1], **HTMX)
    assert (answered.status_code, answered["HX-Trigger"], answered.content) == (204, "tutor:outdated", b"")


def test_a_prediction_is_made_once(client: Client, address: str) -> None:
    action, token, places = form_in(text_at(client, f"{address}1"))
    sent = {"token": token, "kind": "answer", "option": places["The program raises"], "sure": "1"}
    assert client.post(action, sent).status_code == 302
    assert client.post(action, sent).status_code == 302
    changed = client.post(action, {**sent, "token": "x" * 16, "option": places[OWN[1][1]]})
    assert changed.status_code == 409
    assert Response.objects.count() == 1


@pytest.mark.parametrize("position", [2, 4, 5, 99])
def test_a_later_question_can_not_be_answered_before_it_is_asked(client: Client, address: str, position: int) -> None:
    action, token, _ = form_in(text_at(client, f"{address}1"))
    forged = action.replace("/predict/1/", f"/predict/{position}/")
    assert client.post(forged, {"token": token, "kind": "answer", "option": "0"}).status_code == 404
    assert not Response.objects.exists()


def test_the_key_can_not_be_asked_for(client: Client, address: str) -> None:
    action, token, _ = form_in(text_at(client, f"{address}1"))
    for kind in ("key", "hint"):
        assert client.post(action, {"token": token, "kind": kind}).status_code == 422
    assert 'data-made="1"' in text_at(client, f"{address}6")


def test_without_an_option_the_form_says_what_to_do(client: Client, address: str) -> None:
    action, token, _ = form_in(text_at(client, f"{address}1"))
    refused = client.post(action, {"token": token, "kind": "answer", "sure": "1"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Choose one of the options" in refused.content.decode()


def test_a_get_answers_nothing(client: Client, address: str) -> None:
    action, _, _ = form_in(text_at(client, f"{address}1"))
    assert client.get(action).status_code == 405


def test_another_browser_has_uncovered_nothing(client: Client, address: str) -> None:
    say(client, f"{address}1", OWN[1][1])
    assert 'data-made="1"' in text_at(Client(), f"{address}6")


def test_at_the_end_the_page_counts_and_tells_all(client: Client, address: str) -> None:
    say(client, f"{address}1", "The program raises")
    say(client, f"{address}2", KEY_2)
    say(client, f"{address}4", "The row is gone", sure="0")
    text = text_at(client, f"{address}6")
    assert 'data-made="6"' in text
    assert "You were right <b>1 of 3</b> times; 1 time you were sure, and it was another way" in text
    assert f"<h1>{LESSON.content.title}</h1>" in text


def test_a_walk_in_which_nothing_was_asked_has_no_score(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "predictions", lambda *run, every: {})
    text = text_at(client, f"{address}6")
    assert "This was the last step. <span>Nothing was asked on the way.</span>" in text
    assert "You were right" not in text


def test_on_request_it_asks_before_every_step(client: Client, address: str) -> None:
    text = text_at(client, f"{address}1")
    every = re.search(r'action="([^"]+/predict/every/[^"]*)"', text)
    assert every
    assert client.post(every[1], {"every": "1"}).status_code == 302
    said = 0
    while "prediction__form" in (text := text_at(client, f"{address}99")):
        say(client, f"{address}99", next(iter(form_in(text)[2])))
        said += 1
    assert said == len(OWN) - 1


def test_while_the_run_goes_on_only_its_first_step_is_shown(recording: Recording, client: Client) -> None:
    recording.go_on(lambda seen: seen.kind == "stored")
    text = text_at(client, f"/runs/{recording.run.public_id}/?style=predict&step=3")
    assert 'data-step="1"' in text
    assert "still being recorded" in text
    assert "ws-connect" not in text


def test_without_a_run_the_page_says_how_to_begin(client: Client) -> None:
    text = text_at(client, f"/lessons/{SLUG}/?style=predict")
    assert f"<h1>{LESSON.content.neutral_title}</h1>" in text
    assert "Press Run" in text
