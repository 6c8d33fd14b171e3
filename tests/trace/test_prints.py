"""What the processes printed, each text with the event that says so."""

from __future__ import annotations

from tests.observations import CALLER, WORKER
from tests.trace.events import asked, trace_of
from tests.trace.life import printed


def test_each_text_is_kept_with_who_printed_it_and_when() -> None:
    prints = trace_of([asked(), printed("one\n", "caller"), printed("two\n")]).histories.prints
    assert [(each.text, each.point.pid, each.point.at_ms) for each in prints] == [
        ("one\n", CALLER, 2.0),
        ("two\n", WORKER, 3.0),
    ]
