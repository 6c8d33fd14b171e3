from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.assignments.conftest import Browser, Given
from tutor.assignments.changes import close_now
from tutor.assignments.models import Assignment, Student
from tutor.assignments.results import results_of
from tutor.quizzes.models import Response

pytestmark = pytest.mark.django_db


def score(assignment: Assignment) -> float:
    return results_of(assignment).students[0].score


def test_a_student_types_a_name_begins_and_is_asked(given: Assignment) -> None:
    client = Client()
    page = client.get(given.get_absolute_url())
    assert "Your name" in page.content.decode()
    client.post(given.get_absolute_url(), {"name": "  Ada \n Lovelace "})
    assert "Begin" in client.get(given.get_absolute_url()).content.decode()
    client.post(f"{given.get_absolute_url()}begin/")
    text = client.get(given.get_absolute_url()).content.decode()
    assert 'class="question"' in text
    assert Student.objects.get().name == "Ada Lovelace"


def test_a_right_answer_is_a_point_a_second_try_half_of_one(ada: Browser, given: Assignment) -> None:
    one, two, *_ = ada.ids()
    ada.answer(one, right=True)
    assert score(given) == 1
    ada.answer(two, right=False)
    ada.answer(two, right=True)
    assert score(given) == 1.5


def test_after_the_last_try_no_answer_is_accepted(give: Given) -> None:
    given = give(number=30)
    ada = Browser(given)
    one = next(each.number for each in given.questions.all() if len(each.document["options"]) > 2)
    first = ada.place(one, right=False)
    ada.send(one, option=first)
    ada.send(one, option=ada.place(one, right=False, but=first))
    assert ada.answer(one, right=True).status_code == 409
    assert score(given) == 0


def test_a_form_that_is_sent_twice_counts_once(ada: Browser) -> None:
    one = ada.ids()[0]
    for _ in range(2):
        assert ada.send(one, option=ada.place(one, right=False), token="the-same-token-1").status_code == 302
    assert Response.objects.count() == 1


def test_with_feedback_later_the_last_answer_counts_and_nothing_is_told(give: Given) -> None:
    given = give(feedback="after")
    ada = Browser(given)
    one = ada.ids()[0]
    for right in (True, False, True, True):
        ada.answer(one, right=right)
    assert score(given) == 1
    text = ada.client.get(f"{ada.page}?question={one}").content.decode()
    assert "Your answer is stored" in text
    assert not any(each in text for each in ("Right.", "points", "option--right", "verdict__text--wrong"))
    close_now(given, timezone.now())
    text = ada.client.get(f"{ada.page}?question={one}").content.decode()
    assert "Right." in text
    assert "points" in text


def test_an_answer_after_the_closing_time_or_the_own_time_is_refused(give: Given) -> None:
    given = give(minutes=5)
    ada = Browser(given)
    one = ada.ids()[0]
    Student.objects.update(begun_at=timezone.now() - timedelta(minutes=6))
    late = ada.answer(one, right=True)
    assert late.status_code == 409
    assert "Your time is over" in late.content.decode()
    Student.objects.update(begun_at=timezone.now())
    close_now(given, timezone.now())
    assert "has closed" in ada.answer(one, right=True).content.decode()
    assert not Response.objects.exists()


def test_a_draft_comes_back_and_doesnt_count(ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    place = ada.place(one, right=True)
    assert ada.client.post(f"{ada.page}drafts/{one}/", {"option": place}).status_code == 204
    text = ada.client.get(f"{ada.page}?question={one}").content.decode()
    assert f'data-draft="{{&quot;option&quot;: &quot;{place}&quot;}}"' in text
    assert score(given) == 0


def test_a_personal_address_leads_back_from_another_browser(ada: Browser) -> None:
    ada.answer(ada.ids()[0], right=True)
    other = Client()
    assert other.get(f"{ada.page}me/{ada.key}/").status_code == 302
    assert "<b>1</b> of 4 answered" in other.get(ada.page).content.decode()


def test_each_student_gets_questions_of_their_own_if_the_teacher_wants_that(give: Given) -> None:
    given = give(variants="each", order="mixed")
    asked = {tuple(Browser(given, f"S{number}").ids()) for number in range(6)}
    assert len(asked) > 1
    assert all(len(each) == 4 for each in asked)


def test_a_student_takes_everything_along_and_deletes_it(ada: Browser, given: Assignment) -> None:
    ada.answer(ada.ids()[0], right=True)
    data = json.loads(ada.client.get(f"{ada.page}mine.json").content)
    assert data["name"] == "Ada"
    assert sum(len(each["sent"]) for each in data["answers"]) == 1
    assert "score" not in data
    ada.client.post(f"{ada.page}forget/")
    assert Student.objects.exists()
    ada.client.post(f"{ada.page}forget/", {"sure": "yes"})
    assert not Student.objects.exists()
    assert not Response.objects.exists()


def test_a_question_that_is_taken_out_counts_for_nobody(ada: Browser, given: Assignment, client: Client) -> None:
    one, two, *_ = ada.ids()
    ada.answer(one, right=True)
    ada.answer(two, right=True)
    client.post(f"{given.teacher_address}question/", {"number": str(one), "do": "out", "note": "It was unclear."})
    result = results_of(given).students[0]
    assert (result.score, result.of) == (1, 3)
    assert "It was unclear." in ada.client.get(f"{ada.page}?question={one}").content.decode()
    client.post(f"{given.teacher_address}question/", {"number": str(one), "do": "back"})
    assert results_of(given).students[0].score == 2


def test_a_student_who_has_answered_everything_is_told_so(give: Given) -> None:
    ada = Browser(give(feedback="after"))
    told = "You have answered all questions."
    *others, last = ada.ids()
    for id in others:
        ada.answer(id, right=False)
    assert told not in ada.client.get(ada.page).content.decode()
    ada.answer(last, right=True)
    assert told in ada.client.get(ada.page).content.decode()


def test_a_question_that_was_taken_out_isnt_left_to_answer(give: Given, client: Client) -> None:
    given = give(number=1)
    ada = Browser(given)
    client.post(f"{given.teacher_address}question/", {"number": ada.ids()[0], "do": "out"})
    assert "You have answered all questions." in ada.client.get(ada.page).content.decode()


def test_the_teacher_as_a_student_finds_the_way_back(client: Client, ada: Browser, given: Assignment) -> None:
    client.post(f"{given.teacher_address}preview/")
    assert f'href="{given.teacher_address}"' in client.get(given.get_absolute_url()).content.decode()
    assert given.secret not in ada.client.get(ada.page).content.decode()
