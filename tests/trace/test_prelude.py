"""The prelude of a run: its first task's way up to the question, and nothing that answers it."""

from __future__ import annotations

from typing import Any

from tests.observations import WORKER
from tests.trace.events import MadeUpEvent, asked, changed, lesson, numbered
from tests.trace.life import by, finished, idle, line, picked, queued, started, stored
from tutor.lessons.format.questions import ClassQuestion
from tutor.trace.bars import QUEUE, Place
from tutor.trace.prelude import Prelude, prelude_of
from tutor.trace.projector import project

CALL = line(4, 1)
LIFE = [
    CALL,
    queued(),
    picked(),
    started(),
    line(2, None, "worker", file="shop/tasks.py"),
    finished(),
    stored(),
    idle(),
]
QUESTION = ClassQuestion.model_validate(
    {
        "question": "And then?",
        "hint": "Look.",
        "claim": "status@stored",
        "why": "So it is.",
        "before": "stored",
        "options": [{"text": "Success", "right": True}, {"text": "Failed"}],
    }
)


def prelude(*events: MadeUpEvent, **question: Any) -> Prelude | None:
    run = numbered([asked(), *events])
    own = changed(lesson(), ask=QUESTION.model_copy(update=question))
    return prelude_of(own.content.ask, project(own, run), run)


def test_the_task_goes_from_the_caller_to_the_queue_and_to_the_worker() -> None:
    found = prelude(*LIFE)
    assert found
    assert [scene.kind for scene in found.scenes] == ["line", "queued", "picked", "started", "line"]
    assert [scene.place.name for scene in found.scenes] == ["caller", QUEUE, QUEUE, "worker", "worker"]
    assert found.scenes[-1].place == Place("worker", WORKER)
    assert [scene.at_ms for scene in found.scenes] == [2.0, 3.0, 4.0, 5.0, 6.0]


def test_it_ends_before_the_first_event_that_tells_what_comes_next() -> None:
    found = prelude(*LIFE)
    assert found
    assert found.number == 6
    assert found.position == 2
    assert found.question.question == "And then?"


def test_a_long_time_without_an_event_is_a_scene_that_lasts_up_to_the_answer() -> None:
    run = numbered([asked(), *LIFE])
    late = [each if each.number < 7 else MadeUpEvent(**{**vars(each), "at": each.at + 2_000_000_000}) for each in run]
    own = changed(lesson(), ask=QUESTION)
    found = prelude_of(QUESTION, project(own, late), late)
    assert found
    assert (found.scenes[-1].kind, found.scenes[-1].number, found.scenes[-1].at_ms) == ("still", 6, 2007.0)


def test_only_workers_that_had_been_seen_by_then_are_there() -> None:
    found = prelude(*LIFE, by(99, started(delivery=2)))
    assert found
    assert [each.pid for each in found.workers] == [WORKER]


def test_a_run_that_does_not_come_to_its_question_has_none() -> None:
    assert prelude(CALL, queued(), picked()) is None
    assert prelude(*LIFE, before=("nowhere",)) is None
    assert prelude() is None
    run = numbered([asked(), *LIFE])
    assert prelude_of(None, project(lesson(), run), run) is None
