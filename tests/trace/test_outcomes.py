from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, trace_of
from tests.trace.life import by, deleted, died, finished, of_first_edition, queued, started, stored
from tutor.trace.histories import Outcome, TaskHistory

SECOND = [by(83, started(delivery=2)), by(83, finished(delivery=2))]


def history(*events: MadeUpEvent) -> TaskHistory:
    return trace_of([asked(), *events]).histories.tasks["t1"]


def outcome(*events: MadeUpEvent) -> Outcome:
    found = history(*events).outcome
    assert found
    return found


def test_a_task_without_a_row_has_no_outcome() -> None:
    assert history(queued(), started(), finished()).outcome is None


def test_an_outcome_is_what_the_row_says_since_it_was_last_saved() -> None:
    failed = stored(success=False, result="ValueError: no")
    task = history(queued(), failed, stored(delivery=2, result="'ok'", attempt_count=2))
    assert [(each.status, each.result, each.attempt_count) for each in task.outcomes] == [
        ("Failed", "ValueError: no", 1),
        ("Success", "'ok'", 2),
    ]
    assert task.outcome == task.outcomes[-1]
    assert task.outcome.saved.lane == "monitor"


def test_a_deleted_row_has_no_outcome_until_it_is_saved_again() -> None:
    assert history(stored(), deleted()).outcome is None
    assert history(stored(), deleted(), stored(result="2")).result == "2"


def test_an_outcome_is_that_of_the_delivery_whose_result_was_stored() -> None:
    assert outcome(started(), finished(), stored()).delivery == 1
    assert outcome(started(), died(73), *SECOND, stored(delivery=2)).delivery == 2
    assert outcome(started(), finished(), stored(), *SECOND).delivery == 1


def test_the_delivery_of_an_outcome_of_the_first_edition_is_that_of_the_execution() -> None:
    assert outcome(started(), *SECOND, of_first_edition(stored())).delivery == 2


def test_under_sync_an_outcome_has_no_delivery() -> None:
    here = [started("t1", None, "caller"), finished("t1", None, "caller"), stored("t1", None, "caller")]
    assert (outcome(*here).delivery, outcome(*here).saved.lane) == (None, "caller")


def test_the_row_of_a_group_is_of_no_delivery() -> None:
    trace = trace_of([asked(), started(), finished(), stored("group", result_of="t1", result="[1]")])
    assert [each.delivery for each in trace.histories.tasks["group"].outcomes] == [None]
    assert trace.histories.tasks["t1"].outcomes == ()
