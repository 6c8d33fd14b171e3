"""Two old questions before a lesson."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pages.asking import form_of, options_of
from tests.pages.test_practice import change
from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.quizzes.models import Attempt, Response

pytestmark = pytest.mark.django_db
_, FIRST, SECOND, THIRD, *_ = catalogue.lessons()
CARD = "questions that you got wrong"


def page_of(client: Client, slug: str, query: str = "") -> str:
    return html.unescape(client.get(f"/lessons/{slug}/{query}").content.decode())


def get_wrong(client: Client, slug: str, *numbers: int) -> None:
    for number in numbers:
        form_of(client, f"/lessons/{slug}/", number).answer(options_of(slug, number)[1][0])


def old_ids(client: Client, slug: str) -> list[str]:
    return re.findall(r'id="question-([0-9a-f]{8}-\d+)"', page_of(client, slug))


def id_of(slug: str, number: int) -> str:
    return f"{catalogue.get(slug).version[:8]}-{number}"


def test_a_browser_that_got_nothing_wrong_is_asked_nothing(client: Client) -> None:
    form_of(client, f"/lessons/{FIRST}/", 1).answer(options_of(FIRST, 1)[0])
    assert CARD not in page_of(client, SECOND)
    assert CARD not in page_of(Client(), SECOND)


def test_the_two_oldest_that_were_wrong_open_another_lesson(client: Client) -> None:
    get_wrong(client, FIRST, 2, 1, 3)
    assert f"Before you begin: two {CARD}" in page_of(client, SECOND)
    assert old_ids(client, SECOND) == [id_of(FIRST, 2), id_of(FIRST, 1)]
    assert f'From <a href="/lessons/{FIRST}/' in page_of(client, SECOND)


def test_they_do_not_open_their_own_lesson_or_a_run(client: Client, recording: Recording) -> None:
    get_wrong(client, SECOND, 1)
    assert CARD not in page_of(client, SECOND)
    assert "Before you begin" not in client.get(f"/runs/{recording.run.public_id}/").content.decode()


def test_what_was_answered_right_since_is_not_asked_again(client: Client) -> None:
    get_wrong(client, FIRST, 1)
    form_of(client, f"/lessons/{FIRST}/", 1).answer(options_of(FIRST, 1)[0])
    assert old_ids(client, SECOND) == []


def test_one_that_was_wrong_at_a_run_or_in_a_practice_is_asked_too(client: Client, recording: Recording) -> None:
    recording.go_on()
    slug = recording.run.lesson
    form_of(client, f"/runs/{recording.run.public_id}/?step=1", 1).answer(options_of(slug, 1)[1][0])
    form = form_of(client, f"/quizzes/{SECOND}/abc234/?question={id_of(SECOND, 2)}", id_of(SECOND, 2))
    form.answer(options_of(SECOND, 2)[1][0])
    assert old_ids(client, THIRD) == [id_of(slug, 1), id_of(SECOND, 2)]


def test_an_answer_is_explained_and_stays_until_both_are_answered(client: Client) -> None:
    get_wrong(client, FIRST, 1, 2)
    form = form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 1))
    assert "<b>Right.</b>" in form.answer(options_of(FIRST, 1)[0])
    assert "<b>Right.</b>" in page_of(client, SECOND)
    assert old_ids(client, SECOND) == [id_of(FIRST, 1), id_of(FIRST, 2)]
    form = form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 2))
    assert "1 of 2" not in page_of(client, SECOND)
    form.answer(options_of(FIRST, 2)[1][0])
    assert '<b class="quiz-result__count">1 of 2</b>' in form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 2)).answer(
        options_of(FIRST, 2)[0]
    )


def test_afterwards_a_short_result_stays_and_what_was_wrong_again_opens_the_next_lesson(client: Client) -> None:
    get_wrong(client, FIRST, 1, 2)
    form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 1)).answer(options_of(FIRST, 1)[0])
    form = form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 2))
    form.answer(options_of(FIRST, 2)[1][0])
    form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 2)).send("key")
    page = page_of(client, SECOND)
    assert CARD not in page
    assert "Old questions: <b>1 of 2</b> right this time." in page
    assert old_ids(client, THIRD) == [id_of(FIRST, 2)]
    assert "Before you begin: a question that you got wrong" in page_of(client, THIRD)


def test_without_javascript_the_browser_is_led_back_to_the_old_question(client: Client) -> None:
    get_wrong(client, FIRST, 1)
    form = form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 1))
    response = client.post(form.address, {"token": form.token, "kind": "key"})
    assert response.url == f"/lessons/{SECOND}/#question-{id_of(FIRST, 1)}"  # type: ignore[attr-defined]


def test_a_question_of_a_lesson_that_has_changed_is_not_asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    get_wrong(client, FIRST, 1)
    change(monkeypatch, catalogue.get(FIRST))
    assert old_ids(client, SECOND) == []


def test_only_what_the_card_asks_can_be_answered(client: Client) -> None:
    get_wrong(client, FIRST, 1)
    form = form_of(client, f"/lessons/{SECOND}/", id_of(FIRST, 1))
    other = form.address.replace(id_of(FIRST, 1), id_of(THIRD, 1))
    assert client.post(other, {"token": form.token, "kind": "key"}).status_code == 404
    assert client.get(form.address).status_code == 405
    assert Client().post(form.address, {"token": form.token, "kind": "key"}).status_code == 404
    assert Attempt.objects.count() == 1


def test_they_cost_a_page_two_queries(client: Client) -> None:
    page_of(client, SECOND)
    with CaptureQueriesContext(connection) as without:
        page_of(client, SECOND)
    get_wrong(client, FIRST, 1, 2, 3)
    with CaptureQueriesContext(connection) as with_some:
        page_of(client, SECOND)
    assert len(with_some) == len(without) + 1, "The first query looks for them in both cases."
    assert Response.objects.count() == 3
