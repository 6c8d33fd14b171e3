from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.pages.asking import Form, form_of, options_of
from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.lessons.format.questions import QuizQuestion
from tutor.lessons.misconceptions import MISCONCEPTIONS
from tutor.quizzes import attempts
from tutor.quizzes.models import Attempt, Response
from tutor.runs import versions
from tutor.runs.models import ReferenceRun
from tutor.runs.references import delete_run

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
RIGHT, (WRONG, OTHER, *_) = options_of(SLUG, 1)
QUESTION = catalogue.get(SLUG).content.quiz[0]
WHY = max(re.split(r"[`\[\]()]", QUESTION.why), key=len).strip()
"""A piece of why the right option is right."""


@pytest.fixture
def asked(client: Client) -> Form:
    """The first question of the lesson without a run."""
    return form_of(client, LESSON, 1)


def page_at(recording: Recording, step: int) -> str:
    return f"/runs/{recording.run.public_id}/?step={step}"


def text_of(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_a_right_answer_says_why(asked: Form) -> None:
    page = asked.answer(RIGHT)
    assert "<b>Right.</b>" in page
    assert WHY in html.unescape(page)


def test_a_first_wrong_answer_is_explained_and_does_not_tell_the_right_one(asked: Form) -> None:
    page = html.unescape(asked.answer(WRONG))
    assert f"<b>Not “{WRONG}”.</b>" in page
    assert "Right." not in page
    assert "The answer is" not in page
    assert "option--right" not in page
    assert WHY not in page


def test_a_wrong_answer_tells_the_belief_behind_it_and_the_case_in_which_it_is_right(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = {"misconception": "exactly-once", "right_in": "killed"}
    options = [each if each.right else each.model_copy(update=update) for each in QUESTION.options]
    edit(monkeypatch, QUESTION.model_copy(update={"options": tuple(options)}))
    page = html.unescape(form_of(client, LESSON, 1).answer(WRONG))
    assert MISCONCEPTIONS["exactly-once"].belief in page
    case = catalogue.get(SLUG).case("killed")
    assert f"?of=killed%2F{QUESTION.claim.split('@')[0]}" in page
    assert f"{case.title}</a>”." in page


def edit(monkeypatch: pytest.MonkeyPatch, question: QuizQuestion) -> None:
    """Make `question` the first one of the lesson."""
    lesson = catalogue.get(SLUG)
    content = lesson.content.model_copy(update={"quiz": (question, *lesson.content.quiz[1:])})
    other = replace(lesson, content=content)
    monkeypatch.setattr(catalogue, "get", lambda slug: other)


def test_the_second_wrong_answer_shows_the_key_and_closes_the_question(asked: Form, client: Client) -> None:
    asked.answer(WRONG)
    page = html.unescape(form_of(client, LESSON, 1).answer(OTHER))
    assert f"<b>The answer is “{RIGHT}”.</b>" in page
    assert "<fieldset disabled>" in page
    assert "Check" not in page


def test_the_key_is_shown_on_request(asked: Form) -> None:
    assert f"<b>The answer is “{RIGHT}”.</b>" in html.unescape(asked.send("key").content.decode())


def test_hints_come_one_after_the_other(asked: Form, client: Client) -> None:
    assert "Hint: how to think." not in text_of(client, LESSON)
    first = asked.send("hint").content.decode()
    assert "<b>Hint: how to think.</b>" in first
    assert "<b>Hint: where to look.</b>" not in first
    assert "<b>Hint: where to look.</b>" in form_of(client, LESSON, 1).send("hint").content.decode()


def test_a_question_about_a_run_links_to_the_step_that_shows_its_answer(recording: Recording, client: Client) -> None:
    recording.go_on()
    page = form_of(client, page_at(recording, 6), 1).answer(RIGHT)
    assert "<b>Right.</b>" in page
    assert re.search(rf'href="/runs/{recording.run.public_id}/\?step=\d" data-walk="show">See step', page)


def test_without_a_run_the_answer_links_to_the_run_that_shows_it(asked: Form, client: Client) -> None:
    address = re.search(r'href="(/lessons/[^"]+)">See the run that shows it', asked.answer(WRONG))
    assert address
    assert client.get(html.unescape(address[1])).status_code == 302


def test_the_class_question_has_the_number_0(recording: Recording, client: Client) -> None:
    recording.go_on()
    form = form_of(client, page_at(recording, 1), "class")
    assert "<b>Right.</b>" in form.answer(options_of(SLUG, 0)[0])
    assert "<b>Right.</b>" in text_of(client, page_at(recording, 1))
    assert "<b>Right.</b>" in text_of(client, page_at(recording, 6)), "It comes back when one walks back."


def test_answers_stay_over_a_reload_and_a_step_and_are_seen_by_this_browser_only(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    form_of(client, page_at(recording, 2), 1).answer(WRONG)
    for step in (2, 3, 6):
        assert f"Not “{WRONG}”" in html.unescape(text_of(client, page_at(recording, step)))
    assert f"Not “{WRONG}”" not in html.unescape(text_of(Client(), page_at(recording, 2)))


def test_fragments_that_all_share_have_no_answer_and_no_token(recording: Recording, client: Client) -> None:
    recording.go_on()
    form_of(client, page_at(recording, 1), "class").answer(options_of(SLUG, 0)[1][0])
    fragment = client.get(page_at(recording, 1), headers={"hx-request": "true"}).content.decode()
    assert re.search(r'<section id="class-question"[^>]*>\s*</section>', fragment)
    assert not any(word in fragment for word in ("csrf", 'name="token"', "verdict", "radio"))


def test_without_javascript_the_browser_is_led_back_to_its_moment_of_the_run(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    form = form_of(client, page_at(recording, 2) + "&style=flow", 2)
    right = form.places[options_of(SLUG, 2)[0]]
    response = client.post(form.address, {"token": form.token, "kind": "answer", "option": right}, follow=True)
    moment = f"/runs/{recording.run.public_id}/?style=flow&step=2#question-2"
    assert response.redirect_chain == [(moment, 302)]
    assert "<b>Right.</b>" in response.content.decode()


def test_after_the_last_question_the_first_answers_that_were_right_are_counted(client: Client) -> None:
    for number in (1, 3):
        right, wrong = options_of(SLUG, number)
        if number == 3:
            form_of(client, LESSON, number).answer(wrong[0])
        assert "quiz-result__count" not in text_of(client, LESSON)
        page = form_of(client, LESSON, number).answer(right)
    for each in (page, text_of(client, LESSON)):
        assert '<b class="quiz-result__count">1 of 2</b>' in each
        assert '<a href="#question-3">Question 2</a>' in each
        assert "Go on to" in each


def test_a_form_that_is_sent_twice_is_stored_once_and_answered_the_same(asked: Form) -> None:
    shown = [TOKEN.sub("", asked.answer(WRONG)) for _ in range(2)]
    assert shown[0] == shown[1]
    assert Response.objects.count() == 1


TOKEN = re.compile(r'name="token" value="[\w-]+"')


def test_browsers_that_have_sent_the_same_to_a_question_of_a_run_see_the_same_with_tokens_of_their_own(
    recording: Recording,
) -> None:
    recording.go_on()
    pages = [form_of(Client(), page_at(recording, 6), 1).answer(option) for option in (WRONG, WRONG, OTHER)]
    assert f"Not “{OTHER}”" in html.unescape(pages[2])
    same, again, other = (TOKEN.sub("", page) for page in pages)
    assert same == again != other
    assert len({token for page in pages for token in TOKEN.findall(page)}) == 3


def test_a_form_that_is_sent_with_another_option_the_second_time_changes_nothing(asked: Form) -> None:
    asked.answer(WRONG)
    assert f"Not “{WRONG}”" in html.unescape(asked.answer(RIGHT))
    assert [each.is_right for each in Response.objects.all()] == [False]


def test_the_token_of_another_browser_shows_and_changes_nothing_of_it(asked: Form, client: Client) -> None:
    asked.answer(WRONG)
    other = form_of(Client(), LESSON, 1)
    page = html.unescape(other.send("hint", token=asked.token).content.decode())
    assert f"Not “{WRONG}”" not in page
    assert Attempt.objects.count() == 2
    assert Response.objects.filter(attempt__browser=Attempt.objects.earliest("pk").browser).count() == 1


def test_a_closed_question_accepts_nothing_more_and_says_so(asked: Form, client: Client) -> None:
    token = form_of(client, LESSON, 1).token
    asked.answer(RIGHT)
    response = asked.send("answer", WRONG, token=token)
    assert response.status_code == 409
    assert "already answered" in response.content.decode()
    assert "<b>Right.</b>" in response.content.decode()
    assert Response.objects.count() == 1


def test_without_javascript_a_refusal_is_a_page_that_leads_back(asked: Form, client: Client) -> None:
    asked.answer(RIGHT)
    response = client.post(asked.address, {"token": "x" * 16, "kind": "key"})
    assert response.status_code == 409
    assert "This question is already answered." in response.content.decode()
    assert f'href="{LESSON}"' in response.content.decode()


@pytest.mark.parametrize("option", ["", "4", "9", "x", "-1", "1.0", "²", "9" * 400, "\x00"])
def test_an_unknown_option_is_refused(asked: Form, option: str) -> None:
    assert asked.send("answer", **{"option": option}).status_code == 422
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("changed", [{"token": ""}, {"token": "short"}, {"token": "x" * 5000}, {"kind": "peek"}])
def test_what_no_form_sends_is_refused(asked: Form, changed: dict[str, str]) -> None:
    assert asked.send("hint", **changed).status_code == 400
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("number", [4, 999999999])
def test_an_unknown_question_is_not_found(asked: Form, client: Client, number: int) -> None:
    address = asked.address.replace("/quiz/1/", f"/quiz/{number}/")
    assert client.post(address, {"token": asked.token, "kind": "hint"}).status_code == 404


@pytest.mark.parametrize("address", ["/lessons/nothing/quiz/1/", "/runs/nothere/quiz/1/"])
def test_an_unknown_lesson_or_run_is_not_found(client: Client, address: str) -> None:
    assert client.post(address, {"token": "x" * 16, "kind": "hint"}).status_code == 404


def test_no_get_tells_anything_about_an_option(asked: Form, client: Client, recording: Recording) -> None:
    run = f"/runs/{recording.run.public_id}/quiz/1/"
    for address in (asked.address, run):
        for method in (client.get, client.head):
            assert method(address, {"answer": 1, "option": 1}).status_code == 405


def test_another_site_can_not_answer(asked: Form) -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(asked.address, {"token": asked.token, "kind": "hint"}).status_code == 403


def test_an_answer_to_an_earlier_version_of_the_lesson_is_refused(asked: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(monkeypatch, QUESTION.model_copy(update={"hint": "Another hint."}))
    response = asked.send("hint")
    assert response.status_code == 410, "The page is loaded again: it can't show this in its question."
    assert "has changed" in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_browser_has_a_limited_number_of_attempts(asked: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_ATTEMPTS", 0)
    response = asked.send("hint")
    assert response.status_code == 429
    assert "as many quizzes as this site keeps" in response.content.decode()
    assert not Attempt.objects.exists()


def test_a_network_begins_a_limited_number_of_attempts_in_a_minute(asked: Form, settings: object) -> None:
    settings.TUTOR_SESSIONS_PER_ADDRESS = 0  # type: ignore[attr-defined]
    assert asked.send("hint").status_code == 429


def test_attempts_without_a_run_are_removed_after_some_days(asked: Form, recording: Recording) -> None:
    asked.answer(WRONG)
    Attempt.objects.update(begun_at=timezone.now() - attempts.DAYS_WITHOUT_RUN - timedelta(1))
    Attempt.objects.create(browser="b", run=recording.run)
    Attempt.objects.update(begun_at=timezone.now() - attempts.DAYS_WITHOUT_RUN - timedelta(1))
    form_of(Client(), LESSON, 3).send("hint")
    assert [each.run for each in Attempt.objects.order_by("pk")] == [recording.run, None]
    assert not Response.objects.filter(question="1").exists()


def test_attempts_at_a_run_are_removed_with_it(recording: Recording, client: Client) -> None:
    recording.go_on()
    run = recording.run
    form_of(client, page_at(recording, 1), 1).answer(WRONG)
    ReferenceRun.objects.create(run=run, version=run.version, case="default", code="x", number=1)
    delete_run(run)
    assert not Attempt.objects.exists()
    assert not Response.objects.exists()


def test_a_browser_keeps_its_id_and_a_forged_one_is_replaced(client: Client) -> None:
    client.get(LESSON)
    cookie = client.cookies["browser"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "browser" not in client.get(LESSON).cookies
    client.cookies["browser"] = cookie.value.split(":")[0] + ":forged:signature"
    assert client.get(LESSON).cookies["browser"].value != cookie.value


def test_a_page_is_the_same_whichever_option_is_right(
    recording: Recording, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.go_on()
    addresses = [LESSON, *(page_at(recording, step) for step in range(7))]
    before = [without_tokens(text_of(client, address)) for address in addresses]
    lesson = catalogue.get(SLUG)
    content = lesson.content
    quiz = tuple(with_another_key(question) for question in content.quiz)
    ask = with_another_key(content.ask) if content.ask else None
    other = replace(lesson, content=content.model_copy(update={"quiz": quiz, "ask": ask}))
    vars(other)["version"] = lesson.version
    monkeypatch.setattr(catalogue, "get", lambda slug: other)
    monkeypatch.setattr(versions, "stored_lesson", lambda version: other)
    assert [without_tokens(text_of(client, address)) for address in addresses] == before


def with_another_key(question: QuizQuestion) -> QuizQuestion:
    """Return a question with the next option as its key, and other explanations and hints."""
    new = (question.key + 1) % len(question.options)
    options = tuple(
        each.model_copy(update={"right": index == new, "why": "", "misconception": None, "right_in": None})
        for index, each in enumerate(question.options)
    )
    return question.model_copy(update={"options": options, "why": "Another.", "hint": "Another.", "look": ""})


def without_tokens(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|token)" value="[\w-]+"', "", page)
