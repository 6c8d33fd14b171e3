from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, event, events_of_first_lesson, lesson, trace_of
from tutor.quizzes.authored import authored
from tutor.quizzes.kinds.choice import Choice
from tutor.trace.model import Trace
from tutor.trace.projector import project

NUMBER = "2"
"""That of a question about the run itself."""


def ended() -> MadeUpEvent:
    return event("ended", "host", outcome="stopped", reason="The lab was stopped.")


def question_at(trace: Trace | None) -> Choice:
    return authored(lesson(), trace)[NUMBER]


def test_a_question_is_about_the_run_that_shows_one_of_its_options() -> None:
    question = question_at(project(lesson(), events_of_first_lesson()))
    assert (question.other_case, question.claim) == ("", "")
    assert question.step == 3


def test_a_question_is_about_the_lessons_own_run_once_its_run_has_ended_and_shows_none() -> None:
    question = question_at(trace_of([asked(), ended()]))
    assert question.other_case == lesson().case("default").title
    assert question.claim.startswith("default/")
    assert question.step is None


def test_a_question_is_about_a_run_that_goes_on() -> None:
    assert question_at(trace_of([asked()])).claim == ""


def test_without_a_run_a_question_is_about_the_lessons_own_run() -> None:
    question = authored(lesson(), None)["1"]
    assert question.claim.startswith("default/")
    assert question.other_case == ""
