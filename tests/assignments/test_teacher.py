from __future__ import annotations

import csv
import io
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.assignments.conftest import Browser, Given
from tests.recording import SLUG
from tutor.assignments.models import Assignment, Student
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Week 3",
    "lessons": [SLUG],
    "kinds": ["choice"],
    "number": "5",
    "variants": "one",
    "order": "same",
    "feedback": "now",
    "tries": "2",
    "one_by_one": "1",
    "opens_at": "",
    "closes_at": "",
    "minutes": "",
}


def closes(client: Client) -> str:
    """Return the closing time that the form proposes."""
    return client.get("/give/").content.decode().split('name="closes_at" value="')[1].split('"')[0]


def test_a_teacher_without_an_account_gives_a_quiz(client: Client, queue: object) -> None:
    response = client.post("/give/", {**FORM, "closes_at": closes(client)})
    given = Assignment.objects.get()
    assert response["Location"] == given.teacher_address
    assert given.owner is None
    page = client.get(given.teacher_address).content.decode()
    assert "The questions are being made" in page
    assert given.get_absolute_url() in page


def test_a_form_that_isnt_complete_says_what_is_missing(client: Client, queue: object) -> None:
    response = client.post("/give/", {**FORM, "lessons": [], "number": "1000", "closes_at": "yesterday"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Choose at least one lesson." in text
    assert 'value="Week 3"' in text
    assert not Assignment.objects.exists()


def test_a_signed_in_teacher_finds_the_quiz_again(client: Client, queue: object) -> None:
    User.objects.create_user("grace", password="a-long-passphrase")
    assert client.get("/teachers/")["Location"].startswith("/teachers/sign-in/")
    client.post("/teachers/sign-in/", {"username": "grace", "password": "a-long-passphrase"})
    client.post("/give/", {**FORM, "closes_at": closes(client)})
    assert "Week 3" in client.get("/teachers/").content.decode()


def test_the_runs_of_a_quiz_are_open_to_nobody_until_it_closes(client: Client, given: Assignment) -> None:
    run = given.runs.get().run
    for page in ("", "run.json", "run.html"):
        assert client.get(f"/runs/{run.public_id}/{page}").status_code == 404
    client.post(f"{given.teacher_address}close/")
    run.refresh_from_db()
    assert client.get(f"/runs/{run.public_id}/").status_code == 200


def test_students_of_a_pasted_list_have_personal_addresses(client: Client, given: Assignment) -> None:
    text = "Ada Lovelace, ada@example.org\nGrace <grace@example.org>\n\nAda Lovelace, ada@example.org\nEdsger\t17"
    client.post(f"{given.teacher_address}students/", {"list": text})
    assert list(Student.objects.values_list("name", "identity")) == [
        ("Ada Lovelace", "ada@example.org"),
        ("Grace", "grace@example.org"),
        ("Edsger", "17"),
    ]
    stranger = Client()
    assert stranger.post(given.get_absolute_url(), {"name": "Eve"}).status_code == 422
    assert "personal address" in stranger.get(given.get_absolute_url()).content.decode()


def test_an_identity_in_a_pasted_list_follows_the_last_comma(client: Client, given: Assignment) -> None:
    client.post(f"{given.teacher_address}students/", {"list": "Lovelace, Ada, ada@example.org\nGrace\nEdsger,"})
    assert list(Student.objects.values_list("name", "identity")) == [
        ("Lovelace, Ada", "ada@example.org"),
        ("Grace", ""),
        ("Edsger", ""),
    ]


def test_a_question_links_the_run_that_shows_it_once_the_quiz_has_closed(client: Client, given: Assignment) -> None:
    link = f'href="/runs/{given.runs.get().run.public_id}/?step='
    assert link not in client.get(given.teacher_address).content.decode()
    client.post(f"{given.teacher_address}close/")
    assert link in client.get(given.teacher_address).content.decode()


def test_the_teacher_counts_the_questions_as_students_do(client: Client, give: Given) -> None:
    given = give(number=4, one_by_one=False)
    ada = Browser(given)
    page, results = (
        one.get(at).content.decode() for one, at in ((ada.client, ada.page), (client, given.teacher_address))
    )
    heading = r'<span class="muted">(\d+)\.</span> (.*?)</(?:legend|h3)>'
    assert re.findall(heading, results) == re.findall(heading, page)
    header = client.get(f"{given.teacher_address}results.csv").content.decode().splitlines()[0]
    assert header.endswith("question 1,question 2,question 3,question 4")


def test_with_feedback_later_the_results_name_no_first_try(client: Client, give: Given) -> None:
    given = give(feedback="after")
    ada = Browser(given)
    ada.answer(ada.ids()[0], right=True)
    text = client.get(given.teacher_address).content.decode()
    assert "<b>100&nbsp;%</b> were right, of 1 who have answered. What was answered:" in text


def test_the_teacher_sees_who_chose_what_and_the_misconception(client: Client, ada: Browser, given: Assignment) -> None:
    one = ada.ids()[0]
    ada.answer(one, right=False)
    text = client.get(given.teacher_address).content.decode()
    assert "Ada" in text
    assert "<b>100&nbsp;%</b> (1)" in text
    assert "<b>0&nbsp;%</b> were right at the first try" in text


def test_the_results_as_csv_contain_no_formula(client: Client, given: Assignment) -> None:
    eve = Browser(given, "=HYPERLINK(1)")
    eve.answer(eve.ids()[0], right=True)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{given.teacher_address}results.csv").content.decode())))
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert (rows[0]["points"], rows[0]["of"], rows[0]["percent"]) == ("1", "4", "25")
    grades = client.get(f"{given.teacher_address}grades.csv").content.decode().splitlines()
    assert grades == ["identity,name,Week 3", ",'=HYPERLINK(1),25.00"]


def test_the_teacher_as_a_student_doesnt_count(client: Client, given: Assignment) -> None:
    client.post(f"{given.teacher_address}preview/")
    assert 'class="question"' in client.get(given.get_absolute_url()).content.decode()
    assert "Nobody has come yet" in client.get(given.teacher_address).content.decode()


def test_a_quiz_that_is_deleted_leaves_nothing_but_its_runs(client: Client, ada: Browser, given: Assignment) -> None:
    ada.answer(ada.ids()[0], right=True)
    assert client.post(f"{given.teacher_address}delete/").status_code == 422
    client.post(f"{given.teacher_address}delete/", {"sure": "yes"})
    assert not Student.objects.exists()
    assert Run.objects.count() == 1
    assert client.get(given.teacher_address).status_code == 404


def test_the_questions_travel_to_moodle_without_one_that_was_taken_out(client: Client, give: Given) -> None:
    given = give(number=30)
    count = given.questions.count()
    page = client.get(f"{given.teacher_address}export/").content.decode()
    assert f"{count} questions with keys" in page
    assert "GIFT has no hints" in page
    assert client.get(f"{given.teacher_address}export/gift/").status_code == 200
    xml = client.get(f"{given.teacher_address}export/xml/").content.decode()
    assert given.secret not in xml
    number = str(Browser(given).ids()[0])
    client.post(f"{given.teacher_address}question/", {"number": number, "do": "out"})
    fewer = client.get(f"{given.teacher_address}export/xml/").content.decode()
    assert fewer.count("<question ") == xml.count("<question ") - 1
