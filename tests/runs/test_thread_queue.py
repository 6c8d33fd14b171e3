"""Runs in the threads of the site, without labs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.recording import SLUG
from tutor.runs.event_store import end_run
from tutor.runs.models import Event, Host, Run
from tutor.runs.run_queue import cancel, place_in_queue
from tutor.runs.thread_queue import ThreadQueue
from tutor.runs.turns import Opened

pytestmark = pytest.mark.django_db(transaction=True)
NEWER = "A newer run took its place."


class StoppableLab:
    """What the queue knows of a lab: that it can be stopped."""

    def __init__(self) -> None:
        self.started, self.stopped = threading.Event(), threading.Event()
        self.reason = ""

    def execute(self, run: Run, opened: Opened) -> None:
        """Be the lab of `run`, and last until it is stopped."""
        opened(self)
        self.started.set()
        assert self.stopped.wait(30)
        end_run(run, "stopped", self.reason)

    def stop(self, reason: str) -> None:
        self.reason = reason
        self.stopped.set()


def finish(run: Run, opened: Opened) -> None:
    """Execute `run` without a lab: it is finished at once."""
    end_run(run, "finished", "")


def queue_of(execute: Callable[[Run, Opened], Any], labs: int = 1) -> ThreadQueue:
    Host.objects.get_or_create(name="here", folder="any")
    return ThreadQueue("here", execute, labs)


def added(queue: ThreadQueue) -> Run:
    run = Run.objects.create(lesson=SLUG)
    queue.add(run)
    return run


def work_off(queue: ThreadQueue) -> None:
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


def test_a_run_that_begins_or_ends_is_announced_and_so_are_those_that_move_up(announced: list[tuple[int, str]]) -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    at_work, waiting = added(queue), added(queue)
    queue.start()
    assert lab.started.wait(30)
    queue.cancel(waiting, NEWER)
    queue.close()
    assert announced == [(waiting.pk, "waiting"), (waiting.pk, "ended"), (at_work.pk, "ended")]


def test_a_queue_that_is_closed_ends_what_has_a_lab_and_keeps_what_waits_for_the_next_start() -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    at_work, waiting = added(queue), added(queue)
    queue.start()
    assert lab.started.wait(30)
    queue.close()
    assert ending(at_work) == ("stopped", "The site was stopped.")
    assert (state_of(waiting), ending(waiting)) == (Run.State.WAITING, None)
    later = queue_of(finish)
    later.look()
    work_off(later)
    assert ending(waiting) == ("finished", "")


def test_a_run_that_another_process_cancels_is_stopped_at_the_next_look() -> None:
    lab = StoppableLab()
    queue = queue_of(lab.execute)
    run = added(queue)
    queue.start()
    assert lab.started.wait(30)
    cancel(run, NEWER)
    assert ending(run) is None
    queue.look()
    queue.finish()
    assert ending(run) == ("stopped", NEWER)


def test_a_run_that_was_given_to_a_host_without_its_knowledge_is_back_in_the_queue_after_two_looks() -> None:
    queue = queue_of(finish)
    run = Run.objects.create(lesson=SLUG, host=queue.turns.host, state=Run.State.RUNNING)
    queue.turns.look()
    assert (state_of(run), place_in_queue(run)) == (Run.State.RUNNING, None)
    queue.turns.look()
    run.refresh_from_db()
    assert (run.host, place_in_queue(run)) == ("", 1)


def test_a_look_issues_no_more_tickets_than_runs_wait_and_threads_can_use() -> None:
    queue = queue_of(finish, labs=2)
    for _ in range(3):
        Run.objects.create(lesson=SLUG)
    for _ in range(2):
        queue.look()
        assert queue.tickets.qsize() == 2
