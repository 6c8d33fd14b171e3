"""What the page of a practice says of a case besides its program and its settings."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from tutor.lessons import catalogue
from tutor.quizzes.terms import terms_of


def terms(slug: str, case: str = "default") -> tuple[str, ...]:
    lesson = catalogue.get(slug)
    return terms_of(lesson, lesson.case(case))


def test_interventions_are_sentences() -> None:
    assert terms("the-worker-that-died", "twice")[0] == (
        "The first and second time that a worker comes to line 6 of `shop/tasks.py`, the worker is killed (SIGKILL)."
    )
    assert terms("the-last-is-not-the-newest", "overtaken")[0] == (
        "The first time that a worker begins `ada`, the worker takes 1.2 s longer."
    )
    assert "the cluster is told to stop (SIGTERM)" in terms("stopping-a-cluster")[0]
    assert "half a minute passes" in terms("schedules")[0]


def test_gates_are_in_the_words_of_the_lesson() -> None:
    gates = {each.name: each.says for each in catalogue.get("too-early").content.gates}
    assert terms("too-early") == (gates["too-early"], gates["at-work"])
    assert terms("too-early", "late") == (gates["late"], gates["at-work"])


def test_a_gate_that_a_lesson_shows_at_its_line_names_the_line() -> None:
    assert "waits at line 9 of `shop/tasks.py` until" in terms("a-race-on-one-counter")[0]
    assert not any("this line" in each for lesson in catalogue.lessons() for each in terms(lesson))


def test_what_a_case_switches_off_is_not_there() -> None:
    assert terms("the-worker-that-died", "lives") == ()
    assert terms("it-ran-twice") == ()


@pytest.mark.django_db
def test_practice_shows_them_beside_its_questions(client: Client) -> None:
    page = html.unescape(client.get("/quizzes/too-early/abc234/").content.decode())
    gates = [each.says for each in catalogue.get("too-early").content.gates]
    assert any(f"<li>{each}</li>" in page for each in gates)
