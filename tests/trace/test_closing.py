from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, changed, lesson, trace_of
from tests.trace.life import idle, queued, started, stored
from tutor.lessons.lesson import Lesson


def closings(*events: MadeUpEvent, of: Lesson | None = None) -> list[str]:
    return [step.closing for step in trace_of([asked(), *events], of).steps]


def test_the_closing_line_is_at_the_step_that_makes_it_true_alone() -> None:
    lines = closings(queued(), started(), stored(), idle())
    assert [bool(each) for each in lines] == [False, False, False, True]
    assert "Success" in lines[-1]


def test_the_closing_line_says_what_the_run_has_shown_by_then() -> None:
    closing = changed(lesson(), closing="{var.task_status}, {var.task_result}", closing_after="stored")
    assert closings(queued(), stored(result="2"), stored(result="3"), of=closing)[1:] == ["Success, 2", "Success, 3"]


def test_a_run_that_never_gets_there_has_no_closing_line() -> None:
    assert not any(closings(queued(), started(), stored()))
