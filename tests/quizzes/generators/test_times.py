"""The times in a Task row are asked for where a task has waited for a worker, and where events tell what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.quizzes.generators.keys import wrong_keys
from tests.trace.events import MadeUpEvent, events_of_first_lesson, lesson
from tutor.quizzes.alike import key_text
from tutor.quizzes.answers import options_of
from tutor.quizzes.generators import times
from tutor.quizzes.kinds.question import Question
from tutor.trace.projector import project

WAITED = 2 * 10**9
"""Nanoseconds that the task waits for a worker."""


def run_with(wait: int = WAITED, **times: int) -> list[MadeUpEvent]:
    """Return the events of a run whose task waits, with what its row tells of its times."""
    events = events_of_first_lesson()
    begun = next(each.number for each in events if each.kind == "started")
    queued = next(each.at for each in events if each.kind == "queued")
    stored = next(each.at for each in events if each.kind == "stored") + wait
    returned = next(each.at for each in events if each.kind == "returned") + wait
    ages = {"started_ago_ns": stored - queued, "stopped_ago_ns": stored - returned, **times}
    later = [replace(each, at=each.at + wait * (each.number >= begun)) for each in events]
    return [with_fields(each, ages) if each.kind == "stored" else each for each in later]


def with_fields(event: MadeUpEvent, fields: dict[str, Any]) -> MadeUpEvent:
    return replace(event, payload={**event.payload, **fields})


def asked(events: list[MadeUpEvent]) -> list[Question]:
    return list(times.questions(lesson(), lesson().case("default"), project(lesson(), events)))


def test_a_task_that_waits_is_asked_what_started_and_time_taken_tell() -> None:
    found = asked(run_with())
    assert [key_text(each) for each in found] == [
        "how long it waited and was executed",
        "when it was queued",
    ]
    for each in found:
        assert "started-is-begun" in [option.misconception for option in options_of(each)]


def test_the_keys_are_what_the_events_say() -> None:
    events = run_with()
    assert list(wrong_keys(lesson(), project(lesson(), events), events, asked(events))) == []


@pytest.mark.parametrize("age", ["started_ago_ns", "stopped_ago_ns"])
def test_a_row_whose_times_are_those_of_no_event_is_not_asked_about(age: str) -> None:
    found = asked(run_with(**{age: 20 * WAITED}))
    assert "how long it waited and was executed" not in [key_text(each) for each in found]


def test_a_task_that_hardly_waits_is_not_asked_about() -> None:
    assert asked(run_with(wait=0)) == []


def test_old_runs_without_these_times_are_not_asked_about() -> None:
    assert asked(events_of_first_lesson()) == []
