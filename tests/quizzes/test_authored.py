from __future__ import annotations

import pytest

from tests.trace.events import TASK, MadeUpEvent, asked, changed, event, events_of_first_lesson, lesson, trace_of
from tutor.lessons.format.questions import QuizQuestion
from tutor.quizzes.authored import CLASS_QUESTION, authored, choice_of
from tutor.trace.model import Trace
from tutor.trace.projector import project

NO_RUN = trace_of([])


@pytest.fixture(scope="module")
def run() -> Trace:
    return project(lesson(), events_of_first_lesson())


def queued() -> MadeUpEvent:
    return event("queued", "caller", **TASK, args="()")


def stored(success: bool) -> MadeUpEvent:
    error = None if success else "ValueError: no"
    return event("stored", "monitor", **TASK, success=success, result="1", error=error, attempt_count=1)


def right_of(question: QuizQuestion, trace: Trace) -> int:
    return choice_of("1", question, lesson(), trace).right


def about_the_step() -> QuizQuestion:
    """A question whose options are steps, of which the lesson's own run shows step 3."""
    options = [{"text": f"Step {number}", "value": str(number), "right": number == 3} for number in range(2, 6)]
    new = {"question": "Which step?", "hint": "Think.", "claim": "step@stored", "why": "It is.", "options": options}
    return QuizQuestion.model_validate(new)


def test_without_a_run_and_in_the_lessons_own_run_the_lessons_keys_are_right(run: Trace) -> None:
    written = {CLASS_QUESTION: lesson().content.ask, **dict(zip("123", lesson().content.quiz, strict=True))}
    keys = {id: question.key for id, question in written.items() if question}
    for trace in (None, NO_RUN, run):
        shown = {id: question.right for id, question in authored(lesson(), trace).items()}
        assert shown == {id: keys[id] for id in shown}


def test_the_key_follows_the_runs_own_steps(run: Trace) -> None:
    late = trace_of([asked(), queued(), queued(), queued(), stored(success=True)])
    assert late.steps[3].id == "stored"
    assert right_of(about_the_step(), run) == 1
    assert right_of(about_the_step(), late) == 2


def test_where_the_run_has_not_come_to_the_step_the_lessons_key_counts() -> None:
    assert right_of(about_the_step(), trace_of([asked(), queued()])) == 1


def test_where_two_options_hold_in_the_run_the_lessons_key_counts(run: Trace) -> None:
    question = about_the_step()
    options = (question.options[1].model_copy(update={"right": False}), *question.options[1:])
    twice = question.model_copy(update={"options": options})
    assert right_of(twice, run) == twice.key == 1


def test_where_no_option_holds_in_the_run_the_lessons_key_counts() -> None:
    none = trace_of([asked(), *(queued() for _ in range(9)), stored(success=True)])
    assert none.steps[-1].number not in (2, 3, 4, 5)
    assert right_of(about_the_step(), none) == 1


def test_a_question_about_a_case_has_the_lessons_key_whatever_the_run_shows() -> None:
    question = about_the_step().model_copy(update={"claim": "fails/step@stored"})
    late = trace_of([asked(), queued(), queued(), queued(), stored(success=False)])
    assert right_of(question, late) == 1


def test_the_question_to_the_class_comes_first_and_the_others_are_numbered() -> None:
    assert list(authored(lesson(), NO_RUN)) == [CLASS_QUESTION, "1", "2", "3"]
    assert list(authored(changed(lesson(), ask=None), NO_RUN)) == ["1", "2", "3"]


def test_the_number_of_a_step_is_asked_only_where_a_page_shows_steps() -> None:
    assert str(lesson().content.quiz[1].subject) == "step@stored"
    assert list(authored(lesson(), None)) == [CLASS_QUESTION, "1", "3"]
