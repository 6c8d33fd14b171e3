from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.quizzes.test_practice import many_made
from tests.trace.events import asked, events_of_first_lesson, lesson, trace_of
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes import of_run
from tutor.quizzes.kinds.question import Question
from tutor.quizzes.of_run import quiz_of_run
from tutor.quizzes.practice import TEN
from tutor.quizzes.quiz import quiz_of_lesson
from tutor.runs.models import Run
from tutor.trace.model import Trace
from tutor.trace.projector import project

ENDED = project(lesson(), events_of_first_lesson())


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty questions are made of the runs of each case."""

    def at_run(lesson: Lesson, case: Case, trace: Trace) -> Sequence[Question]:
        return many_made(lesson, case)

    monkeypatch.setattr(of_run, "at_run", at_run)
    monkeypatch.setattr(of_run, "questions_of", many_made)


def run(**other: Any) -> Run:
    return Run(**{"public_id": "abc", "lesson": lesson().slug, "knobs": lesson().defaults, **other})


def test_the_questions_of_the_lesson_come_first_and_there_are_ten_at_most() -> None:
    quiz = quiz_of_run(lesson(), run(), ENDED)
    own = quiz_of_lesson(lesson(), run(), ENDED)
    assert list(quiz.items)[: len(own.items)] == list(own.items)
    assert len(quiz.numbers) == TEN
    assert quiz.name == own.name


def test_each_run_has_its_own_and_always_the_same() -> None:
    ids = [list(quiz_of_run(lesson(), run(public_id=id), ENDED).items) for id in ("abc", "abc", "bcd")]
    assert ids[0] == ids[1] != ids[2]


def test_a_run_that_goes_on_or_is_of_no_case_has_those_of_the_lesson_only() -> None:
    for quiz in (
        quiz_of_run(lesson(), run(), trace_of([asked()])),
        quiz_of_run(lesson(), run(knobs={**lesson().defaults, "y": "17"}), ENDED),
    ):
        assert not any(id.startswith("made-") for id in quiz.items)


def test_an_id_tells_nothing_of_what_is_asked() -> None:
    made = [id for id in quiz_of_run(lesson(), None, ENDED).items if id.startswith("made-")]
    assert made
    assert all(len(id) == len("made-") + 12 for id in made)
