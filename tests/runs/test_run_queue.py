from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from django.db import connection

from tests.recording import SLUG
from tutor.labs.host.lab import Lab
from tutor.runs.event_store import end_run
from tutor.runs.models import Event, Run
from tutor.runs.run_queue import Opened, RunQueue, place_in_queue

pytestmark = pytest.mark.django_db(transaction=True)
NEWER = "A newer run took its place."


class StoppableLab:
    """What the queue knows of a lab: that it can be stopped."""

    def __init__(self) -> None:
        self.started, self.stopped = threading.Event(), threading.Event()
        self.reason = ""

    def execute(self, run: Run, opened: Opened) -> None:
        """Be the lab of `run`, and last until it is stopped."""
        opened(cast(Lab, self))
        self.started.set()
        assert self.stopped.wait(30)
        end_run(run, "stopped", self.reason)

    def stop(self, reason: str) -> None:
        self.reason = reason
        self.stopped.set()


def finish(run: Run, opened: Opened) -> None:
    """Execute `run` without a lab: it is finished at once."""
    end_run(run, "finished", "")


def queue_of(execute: Callable[[Run, Opened], Any], labs: int = 1) -> RunQueue:
    return RunQueue("here", execute, labs)


def added(queue: RunQueue) -> Run:
    run = Run.objects.create(lesson=SLUG, host=queue.name)
    queue.add(run)
    return run


def work_off(queue: RunQueue) -> None:
    """Give each run in the queue its turn."""
    queue.start()
    queue.finish()


def state_of(run: Run) -> str:
    return Run.objects.get(pk=run.pk).state


def ending(run: Run) -> tuple[str, str] | None:
    """The outcome and the reason of the run's only end."""
    ended = Event.objects.filter(run=run, kind="ended").first()
    assert Event.objects.filter(run=run, kind="ended").count() <= 1
    return (ended.payload["outcome"], ended.payload["reason"]) if ended else None


def test_runs_have_their_turn_in_the_order_of_arrival() -> None:
    executed: list[int] = []

    def execute(run: Run, opened: Opened) -> None:
        executed.append(run.pk)
        finish(run, opened)

    queue = queue_of(execute)
    runs = [added(queue) for _ in range(3)]
    work_off(queue)
    assert executed == [run.pk for run in runs]
    assert {state_of(run) for run in runs} == {Run.State.ENDED}
    assert {ending(run) for run in runs} == {("finished", "")}


def test_a_waiting_run_has_a_place_until_it_ends() -> None:
    queue = queue_of(finish)
    runs = [added(queue) for _ in range(3)]
    assert [place_in_queue(run) for run in runs] == [1, 2, 3]
    work_off(queue)
    assert [place_in_queue(Run.objects.get(pk=run.pk)) for run in runs] == [None] * 3


def test_as_many_runs_as_there_are_labs_are_executed_at_once() -> None:
    together = threading.Barrier(3)

    def execute(run: Run, opened: Opened) -> None:
        together.wait(30)
        finish(run, opened)

    queue = queue_of(execute, labs=3)
    runs = [added(queue) for _ in range(3)]
    work_off(queue)
    assert [ending(run) for run in runs] == [("finished", "")] * 3


def test_a_waiting_run_that_is_cancelled_while_the_store_fails_ends_when_it_is_back() -> None:
    executed: list[int] = []
    queue = queue_of(lambda run, opened: executed.append(run.pk))
    run = added(queue)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE runs_event RENAME TO elsewhere")
        queue.cancel(run, NEWER)
        cursor.execute("ALTER TABLE elsewhere RENAME TO runs_event")
    assert ending(run) is None
    work_off(queue)
    assert (executed, ending(run)) == ([], ("stopped", NEWER))


def test_a_run_that_is_cancelled_while_it_waits_never_has_a_lab() -> None:
    executed: list[int] = []
    queue = queue_of(lambda run, opened: executed.append(run.pk))
    first, second = added(queue), added(queue)
    queue.cancel(first, NEWER)
    assert place_in_queue(second) == 1
    work_off(queue)
    assert executed == [second.pk]
    assert (state_of(first), ending(first)) == (Run.State.ENDED, ("stopped", NEWER))


def test_a_run_that_is_cancelled_while_its_lab_starts_is_stopped_as_soon_as_there_is_one() -> None:
    lab = StoppableLab()

    def execute(run: Run, opened: Opened) -> None:
        queue.cancel(run, NEWER)
        lab.execute(run, opened)

    queue = queue_of(execute)
    added(queue)
    work_off(queue)
    assert lab.reason == NEWER


def test_a_run_that_is_cancelled_while_it_has_a_lab_is_stopped() -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    run = added(queue)
    queue.start()
    assert lab.started.wait(30)
    queue.cancel(run, NEWER)
    queue.finish()
    assert lab.reason == NEWER


def test_cancelling_a_run_that_has_ended_changes_nothing() -> None:
    queue = queue_of(finish)
    run = added(queue)
    work_off(queue)
    queue.cancel(run, NEWER)
    assert ending(run) == ("finished", "")


def test_a_run_that_the_site_fails_to_record_ends_and_the_next_one_has_its_turn() -> None:
    executed: list[int] = []

    def execute(run: Run, opened: Opened) -> None:
        executed.append(run.pk)
        if run.pk == first.pk:
            raise ZeroDivisionError

    queue = queue_of(execute)
    first, second = added(queue), added(queue)
    work_off(queue)
    assert executed == [first.pk, second.pk]
    assert ending(first) == ("lost", "The site made a mistake while it recorded this run.")
    assert state_of(first) == Run.State.ENDED


def test_a_run_that_returns_without_an_end_is_ended() -> None:
    queue = queue_of(lambda run, opened: None)
    run = added(queue)
    work_off(queue)
    assert ending(run) == ("lost", "The site made a mistake while it recorded this run.")


def test_a_run_that_another_process_has_ended_has_no_lab() -> None:
    executed: list[int] = []
    queue = queue_of(lambda run, opened: executed.append(run.pk))
    run = added(queue)
    end_run(Run.objects.get(pk=run.pk), "lost", "Its host was given up.")
    work_off(queue)
    assert executed == []
    assert ending(run) == ("lost", "Its host was given up.")


def test_each_end_is_announced(announced: list[tuple[int, str]]) -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    at_work, waiting = added(queue), added(queue)
    queue.start()
    assert lab.started.wait(30)
    queue.close()
    assert {(run.pk, Run.State.ENDED) for run in (at_work, waiting)} <= set(announced)


def test_a_queue_that_is_closed_ends_every_run_with_the_reason() -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    at_work, waiting = added(queue), added(queue)
    queue.start()
    assert lab.started.wait(30)
    queue.close()
    assert lab.reason == "The site was stopped."
    assert ending(waiting) == ("stopped", "The site was stopped.")
    assert {state_of(at_work), state_of(waiting)} == {Run.State.ENDED}
