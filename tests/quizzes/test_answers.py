from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trace.events import TASK, MadeUpEvent, asked, changed, event, events_of_first_lesson, lesson, trace_of
from tutor.lessons.format.questions import QuizQuestion
from tutor.quizzes.answers import check, key_of
from tutor.trace.model import Trace
from tutor.trace.projector import project

NO_RUN = trace_of([])
PENDING, STEP_3, STEP_4, FAILED, MONITOR = "1", "2", "1", "0", "1"
"""Options of the first lesson's questions 1, 2, 2, 3 and 0."""


@pytest.fixture(scope="module")
def run() -> Trace:
    return project(lesson(), events_of_first_lesson())


def queued() -> MadeUpEvent:
    return event("queued", "caller", **TASK, args="()")


def stored(success: bool) -> MadeUpEvent:
    error = None if success else "ValueError: no"
    return event("stored", "monitor", **TASK, success=success, result="1", error=error, attempt_count=1)


def question(number: int) -> QuizQuestion:
    return lesson().content.quiz[number - 1]


@pytest.mark.parametrize(("number", "answer"), [(1, PENDING), (2, STEP_3), (3, FAILED), (0, MONITOR)])
def test_without_a_run_the_lessons_own_key_is_right(number: int, answer: str) -> None:
    verdict = check(lesson(), NO_RUN, number, answer)
    assert verdict.right
    assert verdict.step is None
    assert verdict.chosen.right


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_every_other_option_is_wrong(run: Trace, number: int) -> None:
    for trace in (NO_RUN, run):
        verdicts = [check(lesson(), trace, number, str(index)) for index in range(4)]
        assert sum(verdict.right for verdict in verdicts) == 1


def test_a_question_about_the_run_has_the_step_that_shows_its_answer(run: Trace) -> None:
    verdict = check(lesson(), run, 2, STEP_3)
    assert verdict.right
    assert verdict.step == run.steps[2]


def test_a_wrong_answer_has_the_step_too(run: Trace) -> None:
    verdict = check(lesson(), run, 1, "0")
    assert not verdict.right
    assert verdict.step == run.steps[0]


def test_the_key_follows_the_runs_own_steps() -> None:
    late = trace_of([asked(), queued(), queued(), queued(), stored(success=True)])
    assert late.steps[3].id == "stored"
    assert not check(lesson(), late, 2, STEP_3).right
    assert check(lesson(), late, 2, STEP_4).right


def test_where_the_run_has_not_come_to_the_step_the_lessons_key_counts() -> None:
    assert check(lesson(), trace_of([asked(), queued()]), 2, STEP_3).right


def test_where_two_options_hold_in_the_run_the_lessons_key_counts(run: Trace) -> None:
    options = question(1).options
    twice = question(1).model_copy(update={"options": (options[1].model_copy(update={"right": False}), *options[1:])})
    assert [option.claimed for option in twice.options].count("Pending") == 2
    assert key_of(twice, run) == twice.key == 1


def test_where_no_option_holds_in_the_run_the_lessons_key_counts() -> None:
    none = trace_of([asked(), *(queued() for _ in range(9)), stored(success=True)])
    assert none.steps[-1].number not in (2, 3, 4, 5)
    assert key_of(question(2), none) == question(2).key


def test_a_question_about_a_case_has_the_lessons_key_whatever_the_run_shows() -> None:
    succeeded = trace_of([asked(), queued(), stored(success=True)])
    failed = trace_of([asked(), queued(), stored(success=False)])
    assert question(3).subject.case == "fails"
    assert key_of(question(3), succeeded) == key_of(question(3), failed) == int(FAILED)


@pytest.mark.parametrize("number", [-1, 4, 99])
def test_a_question_that_the_lesson_does_not_have_is_an_error(number: int) -> None:
    with pytest.raises(LookupError, match="known: 1 to 3"):
        check(lesson(), NO_RUN, number, "0")


def test_a_lesson_without_a_class_question_has_no_question_0() -> None:
    with pytest.raises(LookupError):
        check(changed(lesson(), ask=None), NO_RUN, 0, "0")


@pytest.mark.parametrize("answer", ["", "4", "x", "-1", "1.0", " 1", "²", "99999999999999999", "000"])
def test_an_option_that_the_question_does_not_have_is_an_error(answer: str) -> None:
    with pytest.raises(LookupError, match="known: 0 to 3"):
        check(lesson(), NO_RUN, 1, answer)


@given(st.text())
def test_any_text_is_an_option_or_an_error_that_says_so(answer: str) -> None:
    try:
        verdict = check(lesson(), NO_RUN, 1, answer)
    except LookupError:
        return
    assert verdict.chosen in question(1).options
