"""How many rows the lesson's own tables were seen to have."""

from __future__ import annotations

from tests.snapshots import table
from tests.trace.events import MadeUpEvent, asked, event, trace_of


def looked(count: int, **more: object) -> MadeUpEvent:
    return event(
        "printed", "caller", text="", rows={"OrmQ": table(), "Task": table(), "Mail": {**table(*range(count)), **more}}
    )


def counts(*events: MadeUpEvent) -> dict[str, list[tuple[float, int]]]:
    found = trace_of([asked(), *events]).histories.counts
    return {name: [(each.point.at_ms, each.count) for each in each_table] for name, each_table in found.items()}


def test_the_number_of_rows_is_kept_when_it_changes() -> None:
    assert counts(looked(0), looked(2), looked(2), looked(1), looked(0)) == {"Mail": [(3.0, 2), (5.0, 1), (6.0, 0)]}


def test_rows_inside_a_transaction_do_not_count() -> None:
    assert counts(looked(2, in_transaction=True)) == {}
    assert counts(looked(2, in_transaction=True), looked(2)) == {"Mail": [(3.0, 2)]}
