from __future__ import annotations

import pytest

from tests.quizzes.test_practice import many_made
from tests.trace.events import lesson
from tutor.quizzes import again
from tutor.quizzes.again import got_wrong, question_of
from tutor.quizzes.practice import made_id

ONE, OTHER = "version/1111111111111111", "version/2222222222222222"


def test_a_question_whose_last_answer_was_wrong_is_an_old_one() -> None:
    assert got_wrong([(ONE, None, "1", False), (ONE, None, "2", True)]) == ["11111111-1"]


def test_it_is_not_after_a_right_answer_wherever_that_was_given() -> None:
    assert got_wrong([(ONE, None, "1", False), ("practice/mixed/abc234/x", None, "11111111-1", True)]) == []
    assert got_wrong([(ONE, None, "1", False), ("run/abc", "1111111111111111", "1", True)]) == []


def test_the_oldest_comes_first_and_one_that_was_wrong_again_last() -> None:
    given = [(ONE, None, "1", False), (OTHER, None, "1", False), ("again/3333", None, "11111111-1", False)]
    assert got_wrong(given) == ["22222222-1", "11111111-1"]


def test_what_is_of_no_known_version_is_left_out() -> None:
    assert got_wrong([("run/abc", None, "1", False), ("predict/abc", "1111111111111111", "1", False)]) == []


def test_a_question_that_is_made_of_runs_is_found_by_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "questions_of", many_made)
    case = lesson().cases[-1]
    for question in many_made(lesson(), case)[:2]:
        assert question_of(lesson(), made_id(case, question)) == question
    assert question_of(lesson(), "made-of-nothing") is None
    assert question_of(lesson(), "class") is None
