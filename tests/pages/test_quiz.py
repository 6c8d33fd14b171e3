from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.lessons.format.questions import QuizQuestion

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
HTMX = {"hx-request": "true"}


def answer(client: Client, number: int, option: int, **query: str) -> str:
    """Return the page after an answer."""
    response = client.get(f"{LESSON}quiz/{number}/", {"answer": option, **query})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("option", "verdict"), [(1, "<b>Right.</b>"), (0, "<b>Not “Running”.</b>")])
def test_an_answer_is_checked_at_once(client: Client, option: int, verdict: str) -> None:
    assert verdict in answer(client, 1, option)


def test_a_wrong_answer_is_explained_and_does_not_tell_the_right_one(client: Client) -> None:
    page = answer(client, 1, 0)
    assert "No worker has seen the task yet: async_task is over before one does." in page
    assert "async_task</code> only queues" not in page


def test_a_question_about_a_run_is_checked_against_that_run(recording: Recording, client: Client) -> None:
    recording.go_on()
    page = answer(client, 2, 2, run=recording.run.public_id)
    assert "<b>Right.</b>" in page
    assert f"/runs/{recording.run.public_id}/?step=3" in page


def test_the_class_question_has_the_number_0(recording: Recording, client: Client) -> None:
    recording.go_on()
    page = answer(client, 0, 1, run=recording.run.public_id)
    assert "<b>Right.</b>" in page
    assert "<h1>Before you go on</h1>" in page


def test_htmx_gets_the_verdict_alone_and_a_browser_the_whole_page(client: Client) -> None:
    address = f"{LESSON}quiz/1/?answer=1"
    page, fragment = client.get(address), client.get(address, headers=HTMX)
    assert "<h1>Question 1</h1>" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert fragment.content.decode().strip() in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_the_page_leads_back_to_the_step_at_which_the_answer_was_given(recording: Recording, client: Client) -> None:
    recording.go_on()
    run = f"/runs/{recording.run.public_id}/"
    assert 'name="step" value="2"' in client.get(f"{run}?step=2").content.decode()
    page = answer(client, 0, 0, run=recording.run.public_id, step="2")
    assert f'href="{run}?step=2#question-0"' in page
    assert 'name="step" value="2"' in page


def test_a_page_is_the_same_whichever_option_is_right(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on()
    addresses = [LESSON, *(f"/runs/{recording.run.public_id}/?step={step}" for step in range(7))]
    before = [without_token(client.get(address).content.decode()) for address in addresses]
    lesson = catalogue.get(SLUG)
    content = lesson.content
    quiz = tuple(with_last_option_right(question) for question in content.quiz)
    ask = with_last_option_right(content.ask) if content.ask else None
    other = replace(lesson, content=content.model_copy(update={"quiz": quiz, "ask": ask}))
    monkeypatch.setattr(catalogue, "get", lambda slug: other)
    assert [without_token(client.get(address).content.decode()) for address in addresses] == before
    assert "<b>Right.</b>" in answer(client, 1, 3)


def with_last_option_right(question: QuizQuestion) -> QuizQuestion:
    """Return a question with another key and other explanations."""
    wrong = [option.model_copy(update={"right": False, "why": "Another reason."}) for option in question.options[:-1]]
    right = question.options[-1].model_copy(update={"right": True, "why": ""})
    return question.model_copy(update={"options": (*wrong, right), "why": "Another explanation."})


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize("query", ["", "?answer=9", "?answer=x", "?answer=-1", "?answer=99999999999999999"])
def test_an_unknown_option_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"{LESSON}quiz/1/{query}").status_code == 404


@pytest.mark.parametrize("address", [f"{LESSON}quiz/4/", f"{LESSON}quiz/999999999/", "/lessons/nothing/quiz/1/"])
def test_an_unknown_question_or_lesson_is_not_found(client: Client, address: str) -> None:
    assert client.get(address, {"answer": 1}).status_code == 404


@pytest.mark.parametrize("run", ["nothere", "\x00", "x" * 5000, "é", "1 OR 1=1"])
def test_an_answer_with_an_unknown_run_is_checked_against_the_lesson(client: Client, run: str) -> None:
    assert "<b>Right.</b>" in answer(client, 2, 2, run=run)


def test_an_answer_with_a_run_of_another_lesson_is_checked_against_the_lesson(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    other = list(catalogue.lessons())[1]
    response = client.get(f"/lessons/{other}/quiz/1/", {"answer": 0, "run": recording.run.public_id})
    assert response.status_code == 200
    assert f"/runs/{recording.run.public_id}/" not in response.content.decode()


@pytest.mark.parametrize("step", ["", "x", "-1", "9" * 400, "\x00"])
def test_any_step_to_lead_back_to_is_answered(recording: Recording, client: Client, step: str) -> None:
    assert answer(client, 1, 1, run=recording.run.public_id, step=step)
