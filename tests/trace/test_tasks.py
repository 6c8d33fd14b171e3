from __future__ import annotations

from tests.trace.events import TASK, MadeUpEvent, asked, event, trace_of
from tutor.trace.model import Execution


def started(delivery: int = 1) -> MadeUpEvent:
    return event("started", "worker", **TASK, args="()", delivery=delivery)


def finished(delivery: int = 1, *, success: bool = True) -> MadeUpEvent:
    return event("finished", "worker", **TASK, delivery=delivery, success=success)


def died(pid: int) -> MadeUpEvent:
    return event("died", "sentinel", process="worker", died_pid=pid, signal="SIGKILL", exitcode=None)


def executions(*events: MadeUpEvent) -> list[Execution]:
    return list(trace_of([asked(), *events]).executions)


def test_an_execution_is_open_until_an_event_shows_its_end() -> None:
    (execution,) = executions(started())
    assert (execution.pid, execution.at_ms, execution.success, execution.ended_ms) == (73, 2.0, None, None)


def test_a_result_ends_its_own_delivery() -> None:
    first, second = executions(started(1), started(2), finished(2, success=False))
    assert (first.success, second.success, second.ended_ms) == (None, False, 4.0)


def test_the_death_of_its_process_ends_an_execution_without_a_result() -> None:
    (execution,) = executions(started(), died(73))
    assert (execution.success, execution.ended_ms) == (None, 3.0)


def test_the_death_of_a_process_changes_no_execution_that_has_ended_or_is_elsewhere() -> None:
    (execution,) = executions(started(), finished(), died(73))
    assert execution.ended_ms == 3.0
    (execution,) = executions(started(), died(99))
    assert execution.ended_ms is None


def test_a_result_without_a_start_makes_no_execution() -> None:
    assert executions(finished()) == []
