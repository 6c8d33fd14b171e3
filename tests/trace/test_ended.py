from __future__ import annotations

from tests.trace.events import asked, event, trace_of
from tests.trace.life import idle, queued, started


def test_a_run_that_goes_on_has_no_end() -> None:
    assert trace_of([asked(), queued(), idle()]).ended is None


def test_a_run_ends_with_its_outcome_its_reason_and_its_time() -> None:
    ended = trace_of([asked(), queued(), event("ended", "host", outcome="stopped", reason="As asked.")]).ended
    assert ended
    assert (ended.outcome, ended.reason, ended.at_ms) == ("stopped", "As asked.", 3.0)


def test_the_end_of_a_run_makes_no_step_and_changes_no_task() -> None:
    run = [asked(), queued(), started()]
    before, after = trace_of(run), trace_of([*run, event("ended", "host", outcome="lost", reason="")])
    assert after.steps == before.steps
    assert after.tasks == before.tasks


def test_a_trace_knows_its_last_event() -> None:
    trace = trace_of([asked(), queued(), idle()])
    assert (trace.number, trace.at_ms) == (3, 3.0)
