"""Whose token an event moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.trace.events import MadeUpEvent, event, numbered
from tests.trace.life import (
    acknowledged,
    by,
    died,
    finished,
    idle,
    named,
    of_first_edition,
    picked,
    printed,
    queued,
    read,
    returned,
    started,
    stored,
)
from tutor.trace.subjects import Subjects
from tutor.trace.tasks import Tasks
from tutor.trace.tokens import Subject

SECOND = [picked(delivery=2), by(83, started(delivery=2))]
FAILED = [queued(), picked(), started(), finished(success=False), stored(success=False)]


def subject(*events: MadeUpEvent, owner: str = "task", about: str | None = None) -> tuple[Subject, str]:
    """Return whose token the last of `events` moves, and its label. `about` is the task that its row is about."""
    tasks = Tasks()
    completed = None
    for each in numbered(events):
        tasks.apply(each)
        completed = tasks.completed(each)
    assert completed
    return Subjects(tasks).subject_of(completed, owner, tasks.find(about) if about else None)


def delivery(*events: MadeUpEvent, **about: str) -> int:
    return subject(*events, **about)[0].delivery


def of_task(each: MadeUpEvent) -> MadeUpEvent:
    """Return the event with the id of the task that its process works on."""
    return replace(each, payload={**each.payload, "task": "t1"})


def test_an_event_moves_the_token_of_its_delivery() -> None:
    assert subject(queued()) == (Subject("task", "t1", 1), "charge")
    assert subject(queued(), picked(), started()) == (Subject("task", "t1", 1), "charge")
    assert subject(*FAILED, *SECOND) == (Subject("task", "t1", 2), "charge, delivery 2")


def test_an_event_inside_an_execution_is_about_the_delivery_that_its_process_executes() -> None:
    both = [*FAILED[:3], *SECOND]
    assert delivery(*both, of_task(printed("one\n"))) == 1
    assert delivery(*both, by(83, of_task(printed("one\n")))) == 2


def test_the_death_of_a_worker_is_about_the_delivery_that_it_executed() -> None:
    both = [*FAILED[:3], *SECOND]
    assert delivery(*both, died(73, task="t1")) == 1
    assert delivery(*both, died(83, task="t1")) == 2


def test_an_event_of_the_monitor_is_about_the_delivery_whose_result_it_has() -> None:
    both = [*FAILED[:3], *SECOND, by(83, finished(delivery=2)), stored(delivery=2)]
    logged = of_task(event("logged", "monitor", level="ERROR", text="no"))
    assert delivery(*both, logged) == 2
    assert delivery(*both, finished(delivery=1), acknowledged(delivery=1), logged) == 1


def test_an_event_of_the_pusher_is_about_the_delivery_that_it_has_just_taken() -> None:
    gate = of_task(event("gate", "pusher", name="later", waited_ns=1))
    assert delivery(*FAILED, picked(delivery=2), gate) == 2


def test_an_outcome_of_the_first_edition_is_about_the_delivery_that_finished() -> None:
    both = [*FAILED[:3], *SECOND, by(83, finished(delivery=2)), of_first_edition(stored(delivery=2))]
    assert delivery(*both) == 2


def test_under_sync_there_is_one_token() -> None:
    assert delivery(started("t1", None, "caller")) == 1
    assert delivery(started("t1", None, "caller"), returned("t1", None, "caller")) == 1


def test_the_token_of_what_a_row_is_about_is_that_of_the_delivery_whose_result_is_stored() -> None:
    succeeded = [queued(), picked(), started(), finished(), stored(), *SECOND]
    assert delivery(*succeeded, read(("t1", 1)), owner="about", about="t1") == 1
    lost = [*FAILED[:3], died(73), *SECOND, by(83, finished(delivery=2)), stored(delivery=2)]
    assert delivery(*lost, read(("t1", 1)), owner="about", about="t1") == 2


def test_the_token_of_a_task_without_an_outcome_is_that_of_its_last_delivery() -> None:
    assert delivery(*FAILED[:3], died(73), *SECOND, read(), owner="about", about="t1") == 2
    assert delivery(queued(), read(), owner="about", about="t1") == 1


def test_the_tokens_of_a_group_and_of_what_there_is_one_of() -> None:
    grouped = event("queued", "caller", **named(group="orders"))
    assert subject(grouped, owner="group") == (Subject("group", "orders"), "the group orders")
    assert subject(queued(), owner="group") == (Subject("group", "t1"), "the group t1")
    assert subject(queued(), owner="cluster") == (Subject("cluster"), "the cluster")


@pytest.mark.parametrize(
    ("moves", "kind", "label"),
    [
        (read(), "caller", "the program"),
        (event("scheduled", "sentinel"), "schedule", "the schedule"),
        (idle(), "cluster", "the cluster"),
        (event("ready", "sentinel", workers=1), "cluster", "the cluster"),
    ],
)
def test_an_event_about_no_task_moves_the_token_of_who_it_comes_from(moves: MadeUpEvent, kind: str, label: str) -> None:
    found, its_label = subject(queued(), moves)
    assert (found.kind, found.id, its_label) == (kind, "", label)
