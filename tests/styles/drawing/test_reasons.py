from __future__ import annotations

import pytest

from tests.trace.events import MadeUpEvent, asked, trace_of
from tests.trace.life import finished, line, picked, queued, read, started, stored
from tutor.styles.drawing.reasons import Reason, latest_executions, ordinal, reason

BEGINNING = [line(1, None), queued()]
GIVEN = [*BEGINNING, picked(), started(), line(2, None, "worker", file="shop/tasks.py", task="t1")]


def reason_after(role: str, *events: MadeUpEvent, number: int | None = None) -> Reason:
    """Return why the process of that role is where it is after the last event, or after the one with that number."""
    trace = trace_of([asked(), *events])
    number = number or trace.number
    visit = next(each for each in trace.code.visits(number) if each.role == role)
    return reason(trace, visit, latest_executions(trace, number).get((role, visit.pid)), number)


def hops(found: Reason) -> list[tuple[str, str, int, float | None]]:
    return [(each.label, each.what, each.point.number, each.after_ms) for each in found.hops]


def test_a_worker_was_handed_its_task_by_the_pusher_which_had_it_from_the_caller() -> None:
    found = reason_after("worker", *GIVEN)
    assert found.text == "The pusher handed it charge, queued by the caller."
    assert (found.task, found.delivery) == ("charge", 1)
    assert hops(found) == [("caller", "queued", 3, None), ("pusher", "picked", 4, 1.0), ("worker A", "started", 5, 1.0)]


def test_a_later_delivery_is_told() -> None:
    again = [picked(delivery=2), started(delivery=2), line(2, None, "worker", file="shop/tasks.py", task="t1")]
    assert reason_after("worker", *GIVEN, finished(), *again).text == (
        "The pusher handed it charge for the 2nd time, queued by the caller."
    )


def test_a_task_whose_delivery_was_not_seen_is_executed_all_the_same() -> None:
    found = reason_after("worker", started(), line(2, None, "worker", file="shop/tasks.py", task="t1"))
    assert (found.text, found.hops) == ("It executes charge.", ())


def test_a_task_that_the_caller_executes_itself_came_by_no_message() -> None:
    found = reason_after("caller", line(1, None), started("t1", None, "caller"))
    assert found.text == "It executes charge itself: with sync=True, nothing is queued."


def test_the_program_was_woken_by_the_row_that_it_has_read() -> None:
    found = reason_after("caller", *GIVEN, finished(), stored(), read(("t1", 1)))
    assert found.text == "It read charge, stored by the monitor."
    assert hops(found) == [("monitor", "stored", 8, None), ("caller", "read", 9, 1.0)]


def test_rows_that_were_read_at_once_are_named_together() -> None:
    rows = [each for n in range(1, 6) for each in (queued(f"t{n}"), stored(f"t{n}"))]
    found = reason_after("caller", *BEGINNING[:1], *rows, read(*((f"t{n}", 1) for n in range(1, 6))))
    assert found.text == "It read charge, charge #2, charge #3 and 2 others, stored by the monitor."


def test_a_message_that_comes_later_is_no_reason() -> None:
    events = [*GIVEN, finished(), stored(), read(("t1", 1))]
    assert reason_after("caller", *events, number=8).text == (
        "The lab started the program. No message has reached it so far."
    )


def test_a_worker_without_a_task_only_imports_the_file() -> None:
    found = reason_after("worker", line(1, None, "worker", file="shop/tasks.py"))
    assert found.text == "It executes no task: it only imports the file."


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_a_number_in_a_row_has_its_ending(number: int, text: str) -> None:
    assert ordinal(number) == text
