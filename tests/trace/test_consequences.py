"""What came of an intervention, from the events of the run."""

from __future__ import annotations

import pytest

from tests.trace import life
from tests.trace.events import MadeUpEvent, asked, trace_of
from tutor.protocol.interventions import Intervention, Subject
from tutor.protocol.when import When
from tutor.trace.consequences import QUESTIONS, consequences

KILL = Intervention(When("started"), "kill", subject=Subject("task", 1, "shop.tasks.charge", 1))
BEGUN = [asked(), life.queued(), life.picked(), life.started()]


def came(*events: MadeUpEvent, done: Intervention = KILL) -> dict[str, str]:
    return {id: each.value for id, each in consequences(trace_of([*BEGUN, *events]), done).items()}


def test_each_answer_is_one_of_the_options_of_its_question() -> None:
    assert all(value in QUESTIONS[id].options for id, value in came().items())
    assert list(came()) == list(QUESTIONS)


def test_a_task_whose_worker_died_is_not_stored() -> None:
    assert came(life.died(73)) == {"stored": "no", "starts": "once", "learns": "no"}


def test_it_starts_as_often_as_workers_enter_its_function() -> None:
    again = [each for number in (2, 3) for each in (life.picked(delivery=number), life.started(delivery=number))]
    assert came(*again[:2])["starts"] == "twice"
    assert came(*again)["starts"] == "more often"


def test_the_program_learns_of_a_failure_from_a_row_that_it_reads() -> None:
    failed = (life.returned(), life.finished(success=False), life.stored(success=False))
    assert came(*failed)["learns"] == "no"
    assert came(*failed, life.read(("t1", 1))) == {"stored": "Failed", "starts": "once", "learns": "yes"}


def test_the_program_learns_of_nothing_from_a_success() -> None:
    done = (life.returned(), life.finished(), life.stored(), life.read(("t1", 1)))
    assert came(*done) == {"stored": "Success", "starts": "once", "learns": "no"}


@pytest.mark.parametrize("subject", [Subject("caller"), Subject("cluster"), None])
def test_without_a_task_of_its_own_it_is_about_the_first_one(subject: Subject | None) -> None:
    done = Intervention(When("started"), "stop", subject=subject)
    assert came(done=done)["starts"] == "once"


def test_a_task_that_was_never_queued_never_starts() -> None:
    later = Intervention(When("started"), "kill", subject=Subject("task", 2, "shop.tasks.charge"))
    assert came(done=later) == {"stored": "no", "starts": "never", "learns": "no"}
