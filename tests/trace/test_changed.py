from __future__ import annotations

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, lesson, trace_of
from tests.trace.life import line, printed, program_ended, queued, started, stored
from tutor.trace.projector import project


def changes(*events: MadeUpEvent) -> list[list[str]]:
    return [sorted(step.state.changed) for step in trace_of([asked(), *events]).steps]


def test_variables_are_marked_at_the_step_that_changes_them() -> None:
    assert changes(queued(), started(), stored()) == [
        ["task_status"],
        ["task_status"],
        ["task_result", "task_status"],
    ]


def test_a_variable_that_gets_the_same_text_again_is_not_marked() -> None:
    assert changes(queued(), queued("t2")) == [["task_status"], []]


def test_what_changed_between_two_steps_is_marked_at_the_second_one() -> None:
    assert changes(line(9, 8, locals={"result": "-1.0"}), queued())[0] == ["result", "task_status"]


def test_what_changes_after_the_last_step_is_marked_in_the_runs_state() -> None:
    trace = trace_of([asked(), queued(), line(9, 8, locals={"result": "-1.0"}), printed("one\n")])
    assert sorted(trace.state.changed) == ["result"]
    assert trace.start.changed == frozenset()
    assert changes(queued(), program_ended(status="True"))[-1] != []


@given(RUNS)
def test_the_marked_variables_are_those_whose_text_differs_from_the_step_before(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    before = trace.start.variables
    for step in trace.steps:
        now = step.state.variables
        assert step.state.changed == {name for name in now if now[name] != before[name]}
        before = now
