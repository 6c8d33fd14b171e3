from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.labs.host import made_up
from tests.labs.host.made_up import (
    Clock,
    acknowledged,
    died,
    finished,
    not_started,
    picked,
    program_ended,
    queued,
    started,
    stored,
)
from tests.observations import CALLER, PIDS, WORKER
from tutor.labs.host.completion import UNTIL_OBSERVED_S, Completion
from tutor.labs.host.idle_check import COUNT_EVERY_S, RETRY_S
from tutor.labs.host.loss import HANG_S, LAST_MESSAGES_S
from tutor.labs.host.work import SETTLE_S
from tutor.protocol.observation import Observation

LOOK = {"do": "look", "even_if_waiting": False}
LOOK_ANYWAY = {"do": "look", "even_if_waiting": True}
COUNT = {"do": "count"}
EXECUTED = (queued(), picked(), started(), finished())
DONE = (*EXECUTED, stored(), acknowledged())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def completion(clock: Clock) -> Completion:
    return Completion(None, clock)


def observe(completion: Completion, *observations: Observation) -> Mapping[str, Any] | None:
    """Let the lab send `observations`; return what its supervisor is asked then."""
    for each in observations:
        completion.observe(each)
    return completion.question()


def test_a_run_whose_program_goes_on_is_not_complete(completion: Completion) -> None:
    assert observe(completion, *DONE) is None
    completion.work.settle("a")
    assert completion.question() is None
    assert completion.due_in() == UNTIL_OBSERVED_S


def test_the_supervisor_looks_when_the_program_has_ended_and_every_task_is_settled(completion: Completion) -> None:
    assert observe(completion, *DONE, program_ended()) is None
    completion.work.settle("a")
    assert completion.question() == LOOK
    assert completion.question() is None, "one question at a time"
    assert completion.ending() is None
    completion.receive({"idle": True})
    assert completion.ending() == ("finished", "")


def test_the_supervisor_is_not_asked_again_when_the_run_is_complete(completion: Completion, clock: Clock) -> None:
    observe(completion, *DONE, program_ended())
    completion.work.settle("a")
    assert completion.question() == LOOK
    completion.receive({"idle": True})
    clock.seconds += 2 * RETRY_S  # The messages that came with the answer took long to process.
    assert completion.question() is None


def test_the_supervisor_is_asked_again_a_little_later_if_the_queue_was_not_empty(
    completion: Completion, clock: Clock
) -> None:
    assert observe(completion, program_ended()) == LOOK
    completion.receive({"idle": False})
    assert completion.question() is None
    assert completion.due_in() == pytest.approx(RETRY_S)
    clock.wait(RETRY_S)
    assert completion.question() == LOOK


def test_a_task_that_is_executed_is_waited_for_without_looking_at_the_clock(
    completion: Completion, clock: Clock
) -> None:
    assert observe(completion, queued(), picked(), started(), program_ended()) is None
    assert completion.due_in() == UNTIL_OBSERVED_S
    clock.wait(100)
    assert completion.question() is None


def test_a_delivery_between_the_pusher_and_a_worker_is_waited_for(completion: Completion) -> None:
    assert observe(completion, queued(), picked(), acknowledged(), program_ended()) is None


def test_a_result_that_the_monitor_never_settles_is_waited_for_up_to_a_limit(
    completion: Completion, clock: Clock
) -> None:
    """Such as one that can't be pickled."""
    assert observe(completion, *EXECUTED, program_ended()) is None
    assert completion.due_in() == pytest.approx(SETTLE_S)
    clock.wait(SETTLE_S)
    assert completion.question() == COUNT


def test_rows_are_counted_while_a_delivery_is_due_as_the_program_may_have_emptied_the_queue(
    completion: Completion, clock: Clock
) -> None:
    assert observe(completion, queued(), program_ended()) == COUNT
    completion.receive({"waiting": 1})
    assert completion.question() is None
    assert completion.due_in() == pytest.approx(COUNT_EVERY_S)
    clock.wait(COUNT_EVERY_S)
    assert completion.question() == COUNT
    completion.receive({"waiting": 0})
    assert completion.question() == LOOK


def test_an_empty_queue_counts_for_nothing_while_its_last_task_is_executed(completion: Completion) -> None:
    assert observe(completion, queued(), program_ended()) == COUNT
    observe(completion, picked(), started())
    completion.receive({"waiting": 0})
    assert completion.rows.waiting == {1}


def test_an_acknowledgement_may_arrive_before_its_row(completion: Completion) -> None:
    assert observe(completion, acknowledged(), queued(), program_ended()) == LOOK


def test_a_task_that_the_program_executes_itself_is_settled_at_once(completion: Completion) -> None:
    here = {"pid": CALLER, "ack": None, "delivery": None}
    assert observe(completion, started(**here), finished(**here), stored(), program_ended()) == LOOK


def test_a_task_executed_inside_another_one_leaves_that_one_executing(completion: Completion) -> None:
    inner = {"task": "b", "ack": None, "delivery": None}
    observe(completion, queued(), picked(), started(), started(**inner), finished(**inner), program_ended())
    assert completion.work.executing == {WORKER: ["a"]}
    assert completion.work.unsettled == {}


@pytest.mark.parametrize("settled", [True, False])
def test_a_run_ends_after_the_declared_deliveries_even_if_a_delivery_is_due(clock: Clock, settled: bool) -> None:
    completion = Completion(1, clock)
    assert observe(completion, *EXECUTED, stored(success=False), program_ended()) is None
    assert completion.due_in() == pytest.approx(SETTLE_S)
    if settled:
        completion.work.settle("a")
    else:
        clock.wait(SETTLE_S)
    assert completion.question() == LOOK_ANYWAY
    completion.receive({"idle": True})
    assert completion.ending() == ("failed", "The task failed.")


def test_an_execution_beyond_the_declared_deliveries_is_not_waited_for(clock: Clock) -> None:
    completion = Completion(1, clock)
    observe(completion, *EXECUTED, program_ended())
    clock.wait(SETTLE_S - 0.1)
    again = {"delivery": 2, "pid": made_up.OTHER_WORKER}
    assert observe(completion, picked(delivery=2), started(**again), finished(**again)) is None
    clock.wait(0.1)
    assert completion.question() == LOOK_ANYWAY


def test_a_cluster_that_was_stopped_leaves_its_queue_as_it_is(completion: Completion) -> None:
    assert observe(completion, queued(), program_ended()) == COUNT
    completion.receive({"waiting": 1})
    completion.receive({"gone": "cluster"})
    assert completion.question() == LOOK_ANYWAY


def test_a_worker_that_died_at_work_has_ended_its_execution(completion: Completion) -> None:
    observe(completion, queued(), picked(), started(), died("worker"))
    assert completion.work.over == {(1, 1)}
    assert not completion.work.is_in_progress


def test_a_worker_that_died_waiting_may_have_had_the_oldest_delivery(completion: Completion) -> None:
    observe(completion, picked(), picked("b", ack=2), died("worker"))
    assert list(completion.work.picked) == [(2, 1)]
    assert completion.work.over == {(1, 1)}


def test_a_pusher_that_died_leaves_nothing_in_hand_and_has_lost_the_newest_delivery(completion: Completion) -> None:
    observe(completion, picked(), picked("b", ack=2), died("pusher"))
    assert not completion.work.is_in_progress
    assert completion.work.over == {(2, 1)}


@pytest.mark.parametrize(
    "lost",
    [
        (picked(), not_started(), died("worker")),
        (picked(), died("worker")),
        (picked(), died("pusher")),
        (picked(), not_started(), finished()),
    ],
    ids=["not entered", "killed before", "not handed over", "not entered, with a result"],
)
def test_a_delivery_that_comes_to_no_execution_counts_too(clock: Clock, lost: tuple[Observation, ...]) -> None:
    completion = Completion(1, clock)
    observe(completion, queued(), *lost)
    clock.wait(SETTLE_S)
    assert observe(completion, program_ended()) == LOOK_ANYWAY


def test_a_row_for_a_cluster_that_nobody_runs_is_not_due(completion: Completion) -> None:
    assert observe(completion, queued(for_cluster="long"), program_ended()) == LOOK
    completion.receive({"idle": True, "left": "1 row left, for cluster long"})
    assert completion.ending() == ("finished", "1 row left, for cluster long.")


def test_with_several_clusters_the_rows_of_each_are_due_and_what_one_loses_is_its_own(clock: Clock) -> None:
    completion = Completion(None, clock, clusters=2)
    ready = [made_up.observation("ready", PIDS["sentinel"], cluster=name, workers=1) for name in ("lab", "long")]
    assert observe(completion, *ready, queued(for_cluster="lab"), queued("b", ack=2, for_cluster="long")) is None
    observe(completion, picked(cluster="lab"), picked("b", ack=2, cluster="long"), program_ended())
    completion.observe_death("pusher", 99, {"signal": "SIGKILL", "cluster": "long"})
    assert completion.work.picked == {(1, 1): "lab"}
    completion.work.unsettled = {"a": "lab", "b": "long"}
    completion.observe_death("monitor", 98, {"signal": "SIGKILL", "cluster": "long"})
    assert completion.work.unsettled == {"a": "lab"}
    completion.receive({"gone": "cluster"})
    assert not completion.loss.cluster_ended
    completion.receive({"gone": "cluster"})
    assert completion.loss.cluster_ended


def test_an_execution_without_a_delivery_does_not_count(clock: Clock) -> None:
    completion = Completion(1, clock)
    here = {"pid": CALLER, "ack": None, "delivery": None}
    assert observe(completion, queued(), started(**here), finished(**here), program_ended()) == COUNT


def test_a_monitor_that_died_settles_nothing_any_more(completion: Completion) -> None:
    assert observe(completion, *DONE, program_ended(), died("monitor")) == LOOK


def test_a_caller_that_died_fails_the_run_which_goes_on_with_its_tasks(completion: Completion) -> None:
    assert observe(completion, queued(), picked(), started(), died("caller", None, 3)) is None
    assert completion.outcomes.ending == ("failed", "The process of the program died (exit code 3).")
    assert observe(completion, finished(), stored(), acknowledged()) is None
    completion.work.settle("a")
    assert completion.question() == LOOK


def test_a_caller_that_dies_after_its_program_has_failed_nothing(completion: Completion) -> None:
    observe(completion, program_ended(), died("caller"))
    completion.receive({"gone": "caller"})
    assert completion.outcomes.ending == ("finished", "")


def test_a_program_that_ends_its_own_process_fails_the_run(completion: Completion) -> None:
    completion.receive({"gone": "caller"})
    assert completion.question() == LOOK
    assert completion.outcomes.ending == ("failed", "The program ended the process that it ran in.")


def test_a_program_that_raised_fails_the_run(completion: Completion) -> None:
    observe(completion, program_ended("LookupError: x"))
    assert completion.outcomes.ending == ("failed", "The program ended with LookupError: x")


def test_tasks_count_as_they_were_stored_last(completion: Completion) -> None:
    observe(completion, stored(success=False), stored(), stored("b", success=False), stored("c", success=False))
    assert completion.outcomes.ending == ("failed", "Tasks that failed: 2.")


@pytest.mark.parametrize("role", ["sentinel", "cluster"])
def test_a_lab_that_lost_its_cluster_ends_when_the_last_messages_have_had_time_to_come(
    completion: Completion, clock: Clock, role: str
) -> None:
    assert observe(completion, program_ended(), queued(), made_up_death(role)) is None
    assert completion.ending() is None
    assert completion.due_in() == pytest.approx(LAST_MESSAGES_S)
    clock.wait(LAST_MESSAGES_S)
    assert completion.ending() == ("lost", f"The {role} 99 died: SIGKILL, and the run ended with it.")


def made_up_death(role: str, signal: str = "SIGKILL") -> Observation:
    return made_up.observation("died", PIDS["lab"], process=role, died_pid=99, signal=signal, exitcode=None)


def test_a_cluster_that_hangs_after_its_group_was_stopped_is_given_more_time(
    completion: Completion, clock: Clock
) -> None:
    completion.observe_action("stop-group")
    observe(completion, made_up_death("sentinel", "SIGTERM"))
    clock.wait(LAST_MESSAGES_S)
    assert completion.ending() is None
    clock.wait(HANG_S - LAST_MESSAGES_S)
    outcome, reason = completion.ending() or ("", "")
    assert outcome == "lost"
    assert reason.endswith("and the run ended with it. The cluster's own process still hangs, 1.5 s later.")


def test_a_cluster_that_ended_with_its_group_does_not_hang(completion: Completion, clock: Clock) -> None:
    completion.observe_action("stop-group")
    observe(completion, made_up_death("sentinel", "SIGTERM"))
    completion.receive({"gone": "cluster"})
    clock.wait(LAST_MESSAGES_S)
    assert completion.ending() == ("lost", "The sentinel 99 died: SIGTERM, and the run ended with it.")


def test_the_first_death_is_the_reason(completion: Completion, clock: Clock) -> None:
    observe(completion, made_up_death("sentinel"), made_up_death("cluster"))
    clock.wait(LAST_MESSAGES_S)
    assert (completion.ending() or ("", ""))[1].startswith("The sentinel")


def test_a_supervisor_that_is_gone_ends_the_run_at_once(completion: Completion) -> None:
    completion.receive(None)
    assert (completion.ending() or ("", ""))[0] == "lost"


def test_an_orphan_is_known_by_what_it_sent_and_a_death_by_its_task(completion: Completion) -> None:
    observe(completion, started())
    payload: dict[str, Any] = {"process": "", "died_pid": WORKER}
    assert completion.complete_death(payload)
    assert payload == {"process": "worker", "died_pid": WORKER, "task": "a"}


def test_a_process_that_the_program_started_is_none_of_the_labs(completion: Completion) -> None:
    assert not completion.complete_death({"process": "", "died_pid": 99})
