from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tests.trace.life import line, queued
from tutor.trace.projector import project


def test_a_line_has_run_when_the_next_one_is_about_to() -> None:
    assert trace_of([asked(), line(4, None)]).state.lines_run == frozenset()
    assert trace_of([asked(), line(4, None), line(7, 4)]).state.lines_run == {("program.py", 4)}


def test_the_last_line_has_run_when_its_frame_returns() -> None:
    assert trace_of([asked(), line(None, 9)]).state.lines_run == {("program.py", 9)}


def test_lines_of_several_files_and_processes_are_kept_apart() -> None:
    of_a_task = line(3, 2, "worker", file="shop/tasks.py", task="t1")
    assert trace_of([asked(), line(3, 2), of_a_task]).state.lines_run == {("program.py", 2), ("shop/tasks.py", 2)}


def test_a_step_shows_the_lines_that_had_run_by_then() -> None:
    trace = trace_of([asked(), line(4, 1), queued("t1"), line(7, 4), queued("t2")])
    assert [len(step.state.lines_run) for step in trace.steps] == [1, 2]


@given(RUNS)
def test_a_line_that_has_run_stays_so(events: list[MadeUpEvent]) -> None:
    states = [step.state for step in project(lesson(), events).steps]
    assert all(one.lines_run <= other.lines_run for one, other in pairwise(states))
