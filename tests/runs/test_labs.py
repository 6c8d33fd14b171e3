"""The run queue with real labs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.labs.observed import soon
from tests.recording import SLUG
from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.runs import execution
from tutor.runs.labs import new_queue
from tutor.runs.models import Event, Host, Run
from tutor.runs.reaper import give_up
from tutor.runs.thread_queue import ThreadQueue
from tutor.runs.versions import lesson_of, version_of

pytestmark = pytest.mark.django_db(transaction=True)
FAILING = {"function": "math.fmod", "x": 1, "y": 0}
"""Knobs whose task fails and comes again, so that its run lasts for seconds."""


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[ThreadQueue]:
    """A queue with two labs, not yet started."""
    host = LabHost(tmp_path)
    Host.objects.create(name=host.name, folder="any")
    yield new_queue(host, 2)
    host.close()


def added(queue: ThreadQueue, **knobs: object) -> Run:
    lesson = catalogue.get(SLUG)
    run = Run.objects.create(lesson=SLUG, version=version_of(lesson), knobs={**lesson.defaults, **knobs})
    queue.add(run)
    return run


def last(run: Run, kind: str) -> dict[str, object]:
    """The payload of the run's last event of `kind`."""
    return Event.objects.filter(run=run, kind=kind).order_by("number").last().payload  # type: ignore[union-attr]


def test_ten_runs_at_once_each_have_their_own_values(queue: ThreadQueue) -> None:
    runs = {x: added(queue, x=x) for x in range(1, 11)}
    queue.start()
    queue.finish()
    for x, run in runs.items():
        assert last(run, "ended")["outcome"] == "finished"
        stored = last(run, "stored")
        assert stored["result"] == f"-{x}.0"
        [[_, row]] = stored["rows"]["changes"]["Task"]["set"]  # type: ignore[index]
        assert row["result"] == f"-{x}.0"


def test_a_run_whose_lesson_can_not_be_read_for_a_while_is_executed_then(
    queue: ThreadQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([OperationalError("database is locked")])

    def read(run: Run) -> Lesson:
        for failure in failures:
            raise failure
        return lesson_of(run)

    monkeypatch.setattr(execution, "lesson_of", read)
    run = added(queue)
    queue.start()
    queue.finish()
    assert last(run, "ended")["outcome"] == "finished"


def test_a_queue_that_is_closed_ends_its_labs_and_says_why_and_keeps_what_waits(queue: ThreadQueue) -> None:
    at_work = [added(queue, **FAILING) for _ in range(2)]
    waiting = added(queue)
    queue.start()
    assert soon(lambda: all(Event.objects.filter(run=run, kind="stored").exists() for run in at_work), 30)
    queue.close()
    for run in at_work:
        assert last(run, "ended") == {"outcome": "stopped", "reason": "The site was stopped."}
    assert Run.objects.get(pk=waiting.pk).state == Run.State.WAITING
    assert not Event.objects.filter(run=waiting).exists()


def test_a_lab_that_cannot_start_ends_its_run_with_the_reason(
    queue: ThreadQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.labs.host.fork_server_client.PROJECT", Path("/"))
    run = added(queue)
    queue.start()
    queue.finish()
    assert last(run, "ended")["outcome"] == "lost"
    assert "could not start" in str(last(run, "ended")["reason"])


def test_a_run_executes_the_version_that_was_asked_for_though_the_lesson_has_changed_since(queue: ThreadQueue) -> None:
    lesson = catalogue.get(SLUG)
    earlier = replace(lesson, program=replace(lesson.program, text=f"{lesson.program.text}\n# The end.\n"))
    run = Run.objects.create(lesson=SLUG, version=version_of(earlier), knobs=lesson.defaults)
    queue.add(run)
    queue.start()
    queue.finish()
    assert last(run, "asked")["version"] == earlier.version
    assert last(run, "asked")["program"] == earlier.program_text()
    assert last(run, "ended")["outcome"] == "finished"


def test_the_lab_of_a_host_that_was_given_up_is_ended_and_adds_nothing(queue: ThreadQueue, tmp_path: Path) -> None:
    host = Host.objects.get(name=queue.turns.host)
    run = added(queue, **FAILING)
    queue.start()
    assert soon(lambda: Event.objects.filter(run=run, kind="stored").exists(), 30)
    give_up(host, "Its host was given up.")
    events = Event.objects.filter(run=run).count()
    queue.finish()
    assert Event.objects.filter(run=run).count() == events
    assert last(run, "ended") == {"outcome": "lost", "reason": "Its host was given up."}
    assert not (tmp_path / queue.turns.host / run.public_id).exists()
