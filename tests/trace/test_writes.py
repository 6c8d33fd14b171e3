"""Who wrote to the lesson's own tables, as far as events tell."""

from __future__ import annotations

from tests.observations import CALLER, WORKER
from tests.snapshots import table
from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tests.trace.life import by, line, picked, queued, started
from tutor.trace.timeline import timeline_at


def looked(*ids: int, lane: str = "worker", **more: object) -> MadeUpEvent:
    """A line whose process has looked at the tables because it has written something."""
    task = {"task": "t1"} if lane == "worker" else {}
    return line(2, 1, lane, **task, rows={"OrmQ": table(), "Task": table(), "Mail": {**table(*ids), **more}})


def writes(*events: MadeUpEvent) -> list[tuple[int, float, str, str]]:
    found = trace_of([asked(), *events]).histories.writes
    return [(each.point.pid, each.point.at_ms, each.table, each.task) for each in found]


def test_a_process_that_looks_after_a_write_and_sees_other_rows_has_written_them() -> None:
    assert writes(looked(1, lane="caller"), looked(1, 2)) == [
        (CALLER, 2.0, "Mail", ""),
        (WORKER, 3.0, "Mail", "t1"),
    ]


def test_a_process_that_looks_after_a_write_and_sees_the_same_rows_may_have_written_elsewhere() -> None:
    assert writes(looked(1), by(83, looked(1))) == [(WORKER, 2.0, "Mail", "t1")]


def test_a_process_that_has_saved_rows_has_written_even_if_they_are_the_same_as_before() -> None:
    saving = by(83, line(2, 1, "worker", task="t1", saved=["Mail"]))
    assert writes(looked(1), saving) == [(WORKER, 2.0, "Mail", "t1"), (83, 3.0, "Mail", "t1")]


def test_an_event_that_always_looks_does_not_tell_who_has_written() -> None:
    rows = {"OrmQ": table(), "Task": table(), "Mail": table(1)}
    assert writes(event("idle", "lab", rows=rows, waiting=0)) == []


def test_rows_inside_a_transaction_are_written_when_others_can_see_them() -> None:
    assert writes(looked(1, in_transaction=True), looked(1)) == [(WORKER, 3.0, "Mail", "t1")]


def test_a_write_is_an_arrow_from_the_process_to_the_table_at_its_event_and_not_before() -> None:
    trace = trace_of([asked(), queued(), picked(), started(), looked(1), event("idle", "lab", waiting=0)])
    (write,) = [each for each in timeline_at(trace, len(trace.steps)).arrows if each.kind == "write"]
    assert (write.source, write.target, write.task_label) == (("worker", WORKER), ("Mail", 0), "charge")
    assert write.sent == write.received
    assert [each.kind for each in timeline_at(trace, len(trace.steps) - 1).arrows] == ["queue", "give"]
