from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.trace.events import asked, event, trace_of
from tutor.lessons import catalogue
from tutor.quizzes.kinds.question import Unreadable
from tutor.quizzes.kinds.repair import Repair
from tutor.quizzes.repairs import repairs

LESSON = catalogue.get("it-ran-twice")
QUESTION = repairs(LESSON)["repair-1"]
TASK = {"task": "2be8b4c0", "name": "report", "func": "shop.tasks.export"}


def sent(knob: str, value: str) -> Mapping[str, str]:
    return {"knob": knob, f"to-{knob}": value}


def rows(tried: tuple[str, ...] = (), key: str | None = None) -> list[tuple[str, tuple[str, ...], str]]:
    return [(row.name, row.tried, row.mark) for row in QUESTION.fields("a", tried, key)["rows"]]


def test_an_answer_is_one_knob_and_its_new_value() -> None:
    assert QUESTION.read({**sent("retry", " 07 "), "to-workers": "banana"}, "a") == "retry=7"
    assert QUESTION.change("retry=7") == {"retry": 7}


@pytest.mark.parametrize(
    ("knob", "value", "message"),
    [
        ("", "7", "Choose the knob"),
        ("seconds", "0.3", "Choose the knob"),
        ("retry", "", "Enter a whole number from 2 to 7"),
        ("retry", "8", "“8” isn't a whole number from 2 to 7"),
        ("retry", "x" * 900, "isn't a whole number"),
        ("retry", "2", "is 2 already"),
    ],
)
def test_what_changes_no_knob_within_its_bounds_is_no_answer(knob: str, value: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        QUESTION.read(sent(knob, value), "a")


def test_every_change_of_a_choice_and_of_a_switch_is_read_as_well() -> None:
    question = repairs(catalogue.get("it-cant-see-my-row"))["repair-1"]
    assert question.change(question.read(sent("on_commit", "yes"), "a")) == {"on_commit": True}
    assert question.change(question.read(sent("database", "default"), "a")) == {"database": "default"}
    with pytest.raises(Unreadable, match="is no already"):
        question.read(sent("on_commit", "no"), "a")


def test_only_a_run_can_judge_an_answer() -> None:
    assert QUESTION.is_right("retry=7") is None
    assert QUESTION.is_right(QUESTION.key) is None


@pytest.mark.parametrize(
    ("outcome", "executions", "judged"),
    [
        ("finished", 1, True),
        ("failed", 1, True),
        ("finished", 2, False),
        ("stopped", 1, None),
        ("lost", 1, None),
    ],
)
def test_a_run_that_ended_by_itself_judges_it(outcome: str, executions: int, judged: bool | None) -> None:
    started = [event("started", "worker", **TASK, args="()", delivery=each + 1) for each in range(executions)]
    ended = event("ended", "host", outcome=outcome, reason="")
    assert QUESTION.judge(trace_of([asked(), *started, ended], LESSON)) is judged


def test_a_run_that_goes_on_judges_nothing() -> None:
    assert QUESTION.judge(trace_of([asked()], LESSON)) is None


def test_a_known_miss_says_why() -> None:
    assert QUESTION.option("workers=1").text == "Workers: 1"
    assert QUESTION.option("workers=1").why.startswith("A busy worker doesn't keep the lock")
    assert QUESTION.option("workers=1").misconception == "exactly-once"
    assert QUESTION.option("workers=3").why == ""


def test_the_knobs_show_what_was_tried_and_the_right_one_once_it_is_known() -> None:
    assert rows() == [("retry", (), ""), ("workers", (), "")]
    assert rows(("workers=1", "retry=3")) == [("retry", ("3",), "wrong"), ("workers", ("1",), "")]
    assert rows(("workers=1",), "retry=7") == [("retry", (), "right"), ("workers", ("1",), "")]


@pytest.mark.parametrize("slug", catalogue.lessons())
def test_the_page_is_the_same_whatever_heals(slug: str) -> None:
    for question in repairs(catalogue.get(slug)).values():
        assert isinstance(question, Repair)
        before = [(row.widget, row.now) for row in question.fields("a", (), None)["rows"]]
        assert all(f'value="{question.heals.partition("=")[2]}" selected' not in widget for widget, _ in before)
        assert question.case == "", "What it is about is the lesson's own run."
