"""The costs of a run as a table of texts."""

from __future__ import annotations

import pytest

from tests.trace.events import asked, trace_of
from tests.trace.life import idle, picked, queued, started
from tutor.styles.drawing.costs import TASKS, cost_table, duration, text_of
from tutor.trace.costs import Costs, costs_at
from tutor.trace.model import Trace
from tutor.trace.phases import Time


def many(count: int) -> Trace:
    """Return the trace of many tasks, of which the first is taken last."""
    names = [f"t{number}" for number in range(1, count + 1)]
    return trace_of([asked(), *map(queued, names), picked("t1"), started("t1"), idle()])


@pytest.mark.parametrize(
    ("ms", "text"), [(0.0, "under 0.1 ms"), (0.42, "0.4 ms"), (9.96, "10 ms"), (999.4, "999 ms"), (2104.0, "2.1 s")]
)
def test_a_short_time_is_not_zero(ms: float, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (Time(), "–"),
        (Time(12.0, 1), "12 ms"),
        (Time(12.0, 2, goes_on=True), "12 ms (2×), so far"),
        (Time(1200.0, 1, at_most=True), "at most 1.2 s"),
        (Time(unobserved=1), "not observed"),
        (Time(12.0, 1, unobserved=1), "12 ms; 1× not observed"),
        (Time(12.0, 1, dropped=2), "12 ms; 2× not stored"),
    ],
)
def test_what_goes_on_or_was_not_observed_says_so(time: Time, text: str) -> None:
    assert text_of(time) == text


def test_there_is_no_table_before_the_first_step() -> None:
    assert cost_table(Costs(), ()).rows == ()


def test_each_time_has_the_step_that_shows_it() -> None:
    trace = many(1)
    table = cost_table(costs_at(trace, len(trace.steps)), trace.steps)
    (row,) = table.rows
    assert [(cell.phase, cell.step) for cell in row.cells] == [
        ("waiting", 2),
        ("handed", 2),
        ("running", 2),
        ("storing", 0),
        ("locked", 2),
    ]
    assert table.total is None


def test_of_many_tasks_those_that_changed_last_are_shown() -> None:
    trace = many(TASKS + 3)
    table = cost_table(costs_at(trace, len(trace.steps)), trace.steps)
    assert [row.label for row in table.rows] == ["charge", *(f"charge #{number}" for number in range(5, TASKS + 4))]
    assert table.total and table.total.label == f"All {TASKS + 3} tasks"
    assert (table.left_out, table.earlier) == (3, 4)
    earlier = cost_table(costs_at(trace, table.earlier), trace.steps[: table.earlier])
    assert [row.label for row in earlier.rows] == ["charge", "charge #2", "charge #3", "charge #4"]
