from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.assignments.conftest import Browser, Given
from tutor.assignments import pool
from tutor.assignments.changes import make_again
from tutor.assignments.making import make_questions
from tutor.assignments.models import AssignedQuestion, Assignment
from tutor.assignments.questions import asked_of, numbers_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_a_student_is_asked_what_the_assignment_chooses(give: Given) -> None:
    given = give(variants="each", order="mixed")
    for name in ("Ada", "Grace"):
        ada = Browser(given, name)
        chosen = pool.chosen(list(given.questions.all()), given, ada.key)
        assert numbers_of(given, ada.key) == tuple(each.number for each in chosen)
        assert asked_of(given, ada.key) == chosen


def test_questions_are_read_once_and_an_answer_takes_few_queries(ada: Browser) -> None:
    one, two, *_ = ada.ids()
    ada.answer(one, right=True)
    with CaptureQueriesContext(connection) as queries:
        ada.answer(two, right=True)
    assert not any("document" in each["sql"] for each in queries.captured_queries)
    assert len(queries) <= 12


def test_questions_that_are_made_again_take_the_place_of_those_before(given: Assignment) -> None:
    before = asked_of(given, "")
    make_again(given)
    assert asked_of(given, "") == []
    make_questions(given)
    given.refresh_from_db()
    assert [each.pk for each in asked_of(given, "")] == [
        each.pk for each in pool.chosen(list(AssignedQuestion.objects.all()), given, "")
    ]
    assert not {each.pk for each in before} & {each.pk for each in asked_of(given, "")}


def test_what_is_kept_of_one_students_question_is_shown_to_others_as_it_stands_for_them(
    ada: Browser, given: Assignment, client: Client
) -> None:
    bob = Browser(given, "Bob")
    one = ada.ids()[0]

    def told(browser: Browser, right: bool) -> str:
        form = {"kind": "answer", "token": f"token-of-{browser.key[:7]}", "option": ada.place(one, right=right)}
        address = f"{ada.page}answers/{one}/"
        return str(browser.client.post(address, form, headers=HTMX).content.decode())

    right, wrong = told(ada, True), told(bob, False)
    assert "Right." in right
    assert "Right." not in wrong
    assert "Bob" in wrong
    assert "Bob" not in right
    again = Browser(given, "Cleo")
    shown = told(again, True)
    assert "Cleo" in shown
    token = 'name="token" value="'
    assert shown.split(token)[1][:16] != right.split(token)[1][:16]
    client.post(f"{given.teacher_address}question/", {"number": str(one), "do": "out", "note": "Unclear."})
    assert "Unclear." in told(Browser(given, "Dan"), True)
