from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.pages.asking import form_of
from tests.pages.test_quiz import with_another_key, without_tokens
from tests.quizzes.test_practice import many_made
from tests.recording import SLUG
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.pages import practice as pages
from tutor.quizzes.models import Attempt, Response
from tutor.quizzes.practice import TEN
from tutor.quizzes.quiz import Quiz

pytestmark = pytest.mark.django_db
SEED = "abc234"
MIXED, LESSON = f"/quizzes/mixed/{SEED}/", f"/quizzes/{SLUG}/{SEED}/"
LINK = re.compile(r'href="(/quizzes/[^"]+)"')


def quiz_of(what: str) -> Quiz:
    return pages.asking_of(what, SEED).quiz


def text_of(client: Client, page: str) -> str:
    return html.unescape(client.get(page).content.decode())


def answer(client: Client, page: str, id: str, *, right: bool) -> str:
    """Answer a question; return what it shows then."""
    question = quiz_of(page.split("/")[2]).items[id].question
    options = question.options  # type: ignore[attr-defined]
    texts = [each.text for index, each in enumerate(options) if (index == question.right) == right]  # type: ignore[attr-defined]
    return html.unescape(form_of(client, f"{page}?question={id}", id).answer(texts[0]))


def test_the_page_of_quizzes_leads_to_all_lessons_each_subject_and_each_lesson(client: Client) -> None:
    addresses = LINK.findall(text_of(client, "/quizzes/"))
    assert {f"/quizzes/{slug}/" for slug in ("mixed", "first-steps", *catalogue.lessons())} <= set(addresses)
    for address in addresses:
        assert re.fullmatch(rf"{address}[2-9a-z]{{6}}/", client.get(address).url)  # type: ignore[attr-defined]


def test_every_page_links_to_the_quizzes(client: Client) -> None:
    assert '<a href="/quizzes/">Quizzes</a>' in text_of(client, "/")


def test_no_subject_has_the_address_of_a_lesson() -> None:
    names = [each.name for each in (pages.mixed(), *pages.subjects())]
    assert len({*names, *catalogue.lessons()}) == len(names) + len(catalogue.lessons())


def test_each_time_others_are_asked(client: Client) -> None:
    first, second = (client.get("/quizzes/mixed/") for _ in range(2))
    assert first.url != second.url  # type: ignore[attr-defined]
    assert "no-store" in first["Cache-Control"]


def test_one_question_is_shown_at_a_time_with_the_program_that_it_is_about(client: Client) -> None:
    page = text_of(client, MIXED)
    id, item = next(iter(quiz_of("mixed").items.items()))
    assert page.count('<form class="question"') == 1
    assert f'id="question-{id}"' in page
    assert f'href="/lessons/{item.lesson.slug}/' in page
    assert "<title>Question 1 of 10 · Quiz: all lessons, mixed · Task Tutor</title>" in page
    assert 'aria-label="program.py"' in page
    assert "<table" not in page


def test_the_program_has_the_values_of_the_case_that_the_question_is_about(client: Client) -> None:
    lesson, quiz = catalogue.get("it-ran-twice"), quiz_of("it-ran-twice")
    cases = {id: quiz.asked(id, ()).case for id in quiz.items}
    assert len({case.name for case in cases.values()}) > 1
    for id, case in cases.items():
        lines = re.findall(
            r"<code>(.*?)</code></li>", client.get(f"/quizzes/it-ran-twice/{SEED}/?question={id}").content.decode()
        )
        shown = [html.unescape(re.sub("<.*?>", "", line)) for line in lines]
        program = lesson.program_text(lesson.case_knobs(case)).splitlines()
        assert shown[: len(program)] == program


def test_the_title_of_a_lessons_quiz_does_not_tell_what_its_runs_show(client: Client) -> None:
    page, content = text_of(client, f"/quizzes/it-ran-twice/{SEED}/"), catalogue.get("it-ran-twice").content
    assert f"<h1>Quiz: {content.neutral_title}</h1>" in page
    assert content.title not in page


def test_a_page_with_a_seed_is_in_no_index(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in text_of(client, MIXED)
    assert "noindex" not in text_of(client, "/quizzes/")


def test_the_next_question_is_offered_after_an_answer(client: Client) -> None:
    first, second, *_ = quiz_of("mixed").items
    assert 'rel="next"' not in text_of(client, MIXED)
    assert f'href="{MIXED}?question={second}#quiz-question" rel="next"' in answer(client, MIXED, first, right=False)
    page = text_of(client, f"{MIXED}?question={second}")
    assert f'href="{MIXED}?question={first}#quiz-question" rel="prev"' in page


def test_a_reload_shows_the_first_question_that_is_open(client: Client) -> None:
    first, second, *_ = quiz_of("mixed").items
    assert "<b>Right.</b>" in answer(client, MIXED, first, right=True)
    assert f'id="question-{second}"' in text_of(client, MIXED)
    assert "<b>Right.</b>" in text_of(client, f"{MIXED}?question={first}")


def test_the_progress_says_how_each_question_stands_in_words(client: Client) -> None:
    first, second, *_ = quiz_of("mixed").items
    answer(client, MIXED, first, right=True)
    form = form_of(client, f"{MIXED}?question={second}", second)
    form.send("key")
    words = re.findall(r'aria-label="Question \d+: (\w+)"', text_of(client, MIXED))
    assert words == ["right", "wrong", *["open"] * 8]


def test_after_the_last_question_the_result_can_be_loaded_again(client: Client) -> None:
    ids = list(quiz_of("mixed").items)
    for id in ids[:-1]:
        answer(client, MIXED, id, right=True)
    answer(client, MIXED, ids[-1], right=False)
    page = answer(client, MIXED, ids[-1], right=True)
    assert f'href="{MIXED}" rel="next">See the result' in page
    for _ in range(2):
        page = text_of(client, MIXED)
        assert '<b class="quiz-result__count">9 of 10</b>' in page
        assert f'href="{MIXED}?question={ids[-1]}#quiz-question">Question 10</a>' in page
        assert 'href="/quizzes/mixed/" rel="nofollow">Another ten' in page


def test_the_last_question_leads_back_to_one_that_is_open(client: Client) -> None:
    first, *_, last = quiz_of("mixed").items
    page = answer(client, MIXED, last, right=True)
    assert f'href="{MIXED}?question={first}#quiz-question" rel="next">Question 1 is still open' in page


def test_an_answer_links_to_the_run_that_shows_it(client: Client) -> None:
    id, item = next(iter(quiz_of("mixed").items.items()))
    page = answer(client, MIXED, id, right=True)
    assert f'<a href="/lessons/{item.lesson.slug}/claim/?of=' in page


def test_without_javascript_the_browser_is_led_back_to_the_question(client: Client) -> None:
    first, *_ = quiz_of("mixed").items
    form = form_of(client, MIXED, first)
    response = client.post(form.address, {"token": form.token, "kind": "key"}, follow=True)
    assert response.redirect_chain == [(f"{MIXED}?question={first}#question-{first}", 302)]
    assert "The answer is" in response.content.decode()


def test_an_answer_to_questions_that_have_changed_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = quiz_of("mixed").items
    form = form_of(client, MIXED, first)
    change(monkeypatch, quiz_of("mixed").items[first].lesson)
    assert form.send("hint").status_code == 410
    assert not Attempt.objects.exists()


def test_an_answer_stays_when_other_lessons_have_changed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = quiz_of("mixed").items
    answer(client, MIXED, first, right=True)
    change(monkeypatch, quiz_of("mixed").items[second].lesson)
    assert second not in quiz_of("mixed").items
    assert text_of(client, MIXED).count('aria-label="Question 1: right"') == 1


def test_what_was_answered_or_is_on_the_screen_stays_when_runs_give_rise_to_other_questions(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, shown, *_ = quiz_of("mixed").items
    answer(client, MIXED, answered, right=True)
    form = form_of(client, f"{MIXED}?question={shown}", shown)
    monkeypatch.setattr(pages, "questions_of", many_made)
    assert form.send("hint").status_code == 200
    page = text_of(client, MIXED)
    assert sorted(re.findall(r'aria-label="Question \d+: (\w+)"', page)) == [*["open"] * (TEN - 1), "right"]
    assert f"?question={shown}" in page


def change(monkeypatch: pytest.MonkeyPatch, lesson: Lesson) -> None:
    """Change a sentence of a lesson."""
    content = lesson.content.model_copy(update={"summary": "Another."})
    known = {**catalogue.lessons(), lesson.slug: replace(lesson, content=content)}
    monkeypatch.setattr(catalogue, "lessons", lambda: known)


@pytest.mark.parametrize(
    "address",
    [
        "/quizzes/nothing/",
        f"/quizzes/nothing/{SEED}/",
        "/quizzes/mixed/abc/",
        "/quizzes/mixed/abc2345/",
        "/quizzes/mixed/aaaa1!/",
    ],
)
def test_an_unknown_subject_or_seed_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_question_that_the_quiz_does_not_have_is_not_found_and_none_of_it_is_told(client: Client) -> None:
    assert client.post(f"{MIXED}other-1/", {"kind": "key"}).status_code == 410
    assert f'id="question-{next(iter(quiz_of("mixed").items))}"' in text_of(client, f"{MIXED}?question=other-1")


def test_no_get_tells_anything_about_an_option(client: Client) -> None:
    id = next(iter(quiz_of("mixed").items))
    for method in (client.get, client.head):
        assert method(f"{MIXED}{id}/", {"option": 1}).status_code == 405


def test_a_page_is_the_same_whichever_option_is_right(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pages_of_quiz = [f"{MIXED}?question={id}" for id in quiz_of("mixed").items]
    before = [without_tokens(text_of(client, page)) for page in pages_of_quiz]
    known = {}
    for slug, lesson in catalogue.lessons().items():
        quiz = tuple(map(with_another_key, lesson.content.quiz))
        known[slug] = replace(lesson, content=lesson.content.model_copy(update={"quiz": quiz}))
        vars(known[slug])["version"] = lesson.version
    monkeypatch.setattr(catalogue, "lessons", lambda: known)
    assert [without_tokens(text_of(client, page)) for page in pages_of_quiz] == before


def test_a_quiz_of_few_questions_says_why(client: Client) -> None:
    assert "2 questions: there are no more yet." in text_of(client, LESSON)


def test_without_lessons_the_pages_say_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "lessons", dict)
    assert "There are no lessons here yet" in text_of(client, "/quizzes/")
    assert "There is no question about this yet." in text_of(client, MIXED)


def test_a_page_costs_two_queries_and_one_for_each_lesson_and_stores_nothing(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    answer(client, MIXED, next(iter(quiz_of("mixed").items)), right=True)
    with django_assert_max_num_queries(12):
        client.get(MIXED)
    assert Response.objects.count() == 1
