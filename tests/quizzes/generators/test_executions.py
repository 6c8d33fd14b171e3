"""How many executions there are is asked where it is unusual, and where only the number of workers is another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.trace.events import MadeUpEvent, event, numbered, trace_of
from tutor.lessons import catalogue
from tutor.quizzes.alike import key_text
from tutor.quizzes.generators import executions
from tutor.trace.projector import project

LESSON = catalogue.get("one-worker-three-workers")
MORE_WORKERS, OTHER = LESSON.case("three"), LESSON.case("short")


def life_of(name: str) -> Iterator[MadeUpEvent]:
    """Yield the events of a task that is executed once, with success."""
    task = {"task": name, "name": name, "func": "shop.tasks.resize", "ack": 1}
    delivered = {**task, "delivery": 1}
    yield event("queued", "caller", **task)
    yield event("picked", "pusher", **delivered, lock_s=9)
    yield event("started", "worker", **delivered)
    yield event("finished", "worker", **delivered, success=True, result="1")
    yield event("stored", "monitor", **delivered, success=True, result="1", attempt_count=1)
    yield event("acknowledged", "monitor", **delivered)


ENDED = event("ended", "host", outcome="finished", reason="")
TRACE = trace_of([*life_of("film"), *life_of("icon"), ENDED], LESSON)


def test_with_another_number_of_workers_all_executions_are_asked_for() -> None:
    [found] = executions.questions(LESSON, MORE_WORKERS, TRACE)
    assert found.text == "How many executions are there in the whole run, of all tasks together?"
    assert key_text(found) == "2"


def test_otherwise_they_are_not_if_each_task_is_executed_once() -> None:
    assert list(executions.questions(LESSON, OTHER, TRACE)) == []
    assert list(executions.questions(LESSON, LESSON.case("default"), TRACE)) == []


def test_what_chance_has_decided_is_not_asked() -> None:
    """The lock of a task ends when it is done: it is delivered again in some runs, and in others it isn't."""
    events = numbered([*life_of("film"), *life_of("icon"), ENDED])
    begun = next(each.number for each in events if each.kind == "started")
    late = [replace(each, at=each.at + 8_900_000_000 * (each.number > begun)) for each in events]
    assert list(executions.questions(LESSON, MORE_WORKERS, project(LESSON, late))) == []
