from __future__ import annotations

from tests.trace.events import asked, trace_of
from tests.trace.life import printed, queued, started


def test_what_processes_print_is_kept_in_the_order_of_its_events() -> None:
    run = [asked(), printed("one\n"), printed("two\n", "caller"), printed("three", "monitor")]
    assert trace_of(run).state.printed == "one\ntwo\nthree"


def test_a_step_shows_what_was_printed_by_then() -> None:
    trace = trace_of([asked(), queued(), printed("one\n"), started(), printed("late\n")])
    assert [step.state.printed for step in trace.steps] == ["", "one\n"]
    assert (trace.start.printed, trace.state.printed) == ("", "one\nlate\n")
