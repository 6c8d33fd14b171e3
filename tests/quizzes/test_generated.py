"""Generated questions of a lesson: from its reference runs, and at a learner's run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trace.events import MadeUpEvent, events_of_first_lesson, lesson, trace_of
from tutor.quizzes import generated
from tutor.quizzes.answers import options_of
from tutor.quizzes.generated import Generated
from tutor.trace.projector import project

CASE = lesson().case("default")


def made(monkeypatch: pytest.MonkeyPatch, runs: list[list[MadeUpEvent]]) -> Generated:
    """Return what is generated if these are the reference runs of the first lesson's own case."""
    found = generated.generate(lesson(), {"default": runs})
    monkeypatch.setattr(generated, "of_lesson", lambda lesson: found)
    return found


def other_times(number: int) -> list[MadeUpEvent]:
    """Return the events of a run that differs in pids and times."""
    return [replace(each, pid=each.pid + 100 * number, at=each.at * number) for each in events_of_first_lesson()]


def test_five_runs_give_questions_with_ids_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch, [other_times(number) for number in range(1, 6)])
    questions = generated.questions_of(lesson(), CASE)
    assert questions
    assert len({each.id for each in questions}) == len(questions)
    assert all(len(options_of(each)) != 1 for each in questions)


def test_four_runs_give_none(monkeypatch: pytest.MonkeyPatch) -> None:
    made(monkeypatch, [other_times(number) for number in range(1, 5)])
    assert generated.questions_of(lesson(), CASE) == ()


def test_the_same_runs_give_the_same_questions() -> None:
    runs = {"default": [other_times(number) for number in range(1, 6)]}
    assert generated.generate(lesson(), runs) == generated.generate(lesson(), runs)


def test_at_a_run_only_what_it_shows_too_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = made(monkeypatch, [other_times(number) for number in range(1, 6)])
    same = project(lesson(), other_times(7))
    assert {each.id for each in generated.at_run(lesson(), CASE, same)} == {each.id for each in found.sound["default"]}
    half = trace_of(events_of_first_lesson()[:11])
    ids = {each.id for each in generated.at_run(lesson(), CASE, half)}
    assert ids
    assert not any("stored" in id or "end" in id for id in ids)


@pytest.mark.django_db
def test_a_lesson_without_reference_runs_has_none() -> None:
    assert generated.questions_of(lesson(), CASE) == ()


@pytest.mark.django_db
def test_what_is_generated_is_kept() -> None:
    assert generated.of_lesson(lesson()) is generated.of_lesson(lesson())
