"""The page of the style Quiz: what it tells while a question is open, and where its answers lead."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.pages.asking import form_of, options_of
from tests.recording import Recording
from tutor.lessons import catalogue
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes import of_run
from tutor.quizzes.kinds.cell import Cell
from tutor.quizzes.kinds.order import Order
from tutor.quizzes.kinds.question import Option, Question

pytestmark = pytest.mark.django_db
SLUG = "task-results-and-status"
PAGE = f"/lessons/{SLUG}/?style=quiz"
CONTENT = catalogue.get(SLUG).content
MADE = [
    Cell(id="1", text="How many?", why="So.", hint="Count.", accepted=("1",), step=3, claim="default/rows@stored:Task"),
    Order(
        id="2",
        text="In which order?",
        why="So.",
        items=tuple(map(Option, ("`report` begins", "`report` ends", "It is read"))),
        before=frozenset({(0, 1), (1, 2)}),
    ),
]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of two questions that are made of reference runs."""

    def questions_of(lesson: Lesson, case: Case) -> list[Question]:
        return [*MADE]

    monkeypatch.setattr(of_run, "questions_of", questions_of)
    case = catalogue.get(SLUG).case("")
    return [of_run.made_id(case, each) for each in MADE]


def text_of(client: Client, page: str = PAGE) -> str:
    return html.unescape(client.get(page).content.decode())


def answer_all(client: Client, page: str = PAGE) -> None:
    text = text_of(client, page)
    for id in re.findall(r"question=([\w-]+)#", text) or re.findall(r'id="question-([\w-]+)"', text):
        assert form_of(client, f"{page}&question={id}", id).send("key").status_code == 200


def test_the_head_is_neutral_until_the_last_answer(client: Client) -> None:
    page = text_of(client)
    assert f"<h1>{CONTENT.neutral_title}</h1>" in page
    assert "After this you can" not in page
    answer_all(client)
    page = text_of(client)
    assert f"<h1>{CONTENT.title}</h1>" in page
    assert "After this you can" in page


def test_the_head_is_neutral_at_a_run_too(client: Client, recording: Recording) -> None:
    recording.go_on()
    assert f"<h1>{CONTENT.neutral_title}</h1>" in text_of(client, f"/runs/{recording.run.public_id}/?style=quiz&step=1")


def test_the_form_that_names_the_cases_is_folded(client: Client) -> None:
    page = text_of(client)
    fold = page.index('<details class="card more knobs-fold">')
    assert fold < page.index(CONTENT.cases[0].title) < page.index("</details>", fold)


def test_a_form_with_a_mistake_is_unfolded(client: Client) -> None:
    slug = "it-ran-twice"
    response = client.post(f"/lessons/{slug}/run/?style=quiz", {"retry": "99"})
    assert '<details class="card more knobs-fold" open>' in response.content.decode()


@pytest.mark.parametrize("page", [PAGE, f"/lessons/{SLUG}/?style=step_by_step"])
def test_what_to_try_is_folded_until_the_last_answer_as_it_may_tell_it(client: Client, page: str) -> None:
    folded = '<details class="card more"><summary><h2>Try this in your project'
    assert folded in text_of(client, page)
    answer_all(client, page)
    assert folded.replace("><summary", " open><summary") in text_of(client, page)


def test_the_settings_of_the_lab_stand_there_once(client: Client) -> None:
    slug = "it-ran-twice"
    assert text_of(client, f"/lessons/{slug}/?style=quiz").count("Settings of this lab") == 1


def test_without_a_run_an_answer_of_a_made_question_leads_to_the_run_that_shows_it(
    client: Client, made: list[str]
) -> None:
    link = f'<a href="/lessons/{SLUG}/claim/?of=default%2Frows%40stored%3ATask">See the run that shows it</a>'
    answered = form_of(client, f"{PAGE}&question={made[0]}", made[0]).send("answer", value="7").content.decode()
    assert link in answered
    assert "See step" not in answered
    answer_all(client)
    assert link in text_of(client)
    assert "See step" not in text_of(client)


def test_a_value_of_which_there_is_nothing_to_say_is_not_just_denied(client: Client, made: list[str]) -> None:
    form = form_of(client, f"{PAGE}&question={made[0]}", made[0])
    answered = form.send("answer", value="7").content.decode()
    assert "That isn’t what the run shows. The hint says how to think." in answered


def test_an_item_shows_code_as_code_and_names_have_no_backticks(client: Client, made: list[str]) -> None:
    page = text_of(client, f"{PAGE}&question={made[1]}")
    assert "<span data-order-text><code>report</code> begins</span>" in page
    assert 'aria-label="Move up: report begins"' in page
    assert "`report`" not in page


def test_the_links_to_other_questions_lead_to_the_question(client: Client) -> None:
    form_of(client, PAGE, 1).answer(options_of(SLUG, 1)[0])
    assert f'href="{PAGE}&question=3#quiz-question" rel="next"' in text_of(client, f"{PAGE}&question=1")
