from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.trace.events import (
    TASK,
    MadeUpEvent,
    asked,
    event,
    events_of_first_lesson,
    lesson,
    numbered,
    trace_of,
)
from tutor.trace.model import Trace
from tutor.trace.projector import Projector, project

QUEUED = event("queued", "caller", **TASK, args="(1, -1)")
ENDED = event("program_ended", "caller", error=None, locals={"result": "-1.0", "status": "True"})
IDLE = event("idle", "lab", waiting=0, rows={})


def started(delivery: int = 1) -> MadeUpEvent:
    return event("started", "worker", **TASK, args="(1, -1)", delivery=delivery)


def stored(success: bool = True, result: str = "-1.0", attempt_count: int = 1) -> MadeUpEvent:
    error = None if success else "ValueError: math domain error"
    return event("stored", "monitor", **TASK, success=success, result=result, error=error, attempt_count=attempt_count)


def line(line: int | None, ran: int | None, function: str = "<module>", **names: str) -> MadeUpEvent:
    return event("line", "caller", file="program.py", line=line, ran=ran, function=function, locals=names, hits=1)


KINDS = st.sampled_from(
    [
        asked(),
        QUEUED,
        started(),
        started(2),
        event("finished", "worker", **TASK, delivery=1, success=True, result="-1.0", error=None),
        stored(),
        stored(success=False),
        stored(success=False, attempt_count=2),
        line(4, 1),
        line(9, 8, result="-1.0"),
        line(None, 9, result="-1.0", status="True"),
        ENDED,
        event("died", "sentinel", process="worker", died_pid=73, signal="SIGKILL", exitcode=None),
        event("printed", "worker", stream="stdout", text="one more\n"),
        event("warned", "worker", text="DeprecationWarning: old"),
        event("gate", "caller", name="later", waited_ns=3_000_000),
        IDLE,
        event("ended", "host", outcome="finished", reason=""),
    ]
)
RUNS = st.lists(KINDS, max_size=25).map(numbered)


def column(trace: Trace, name: str) -> list[str]:
    return [getattr(step, name) for step in trace.steps]


def test_the_first_lessons_run_makes_its_six_steps() -> None:
    trace = project(lesson(), events_of_first_lesson())
    assert column(trace, "id") == ["queued", "started", "stored", "read", "used", "idle"]
    assert column(trace, "status") == ["Pending", "Running", "Success", "Success", "Success", "N/A"]
    assert column(trace, "result") == ["None", "None", "-1.0", "-1.0", "-1.0", "N/A"]
    assert column(trace, "process") == ["caller", "worker", "monitor", "caller", "caller", "lab"]
    assert (trace.ended and trace.ended.outcome) == "finished"


@given(RUNS, st.integers(0, 25))
def test_the_steps_of_the_first_events_never_change_as_more_follow(events: list[MadeUpEvent], cut: int) -> None:
    before, after = project(lesson(), events[:cut]), project(lesson(), events)
    assert after.steps[: len(before.steps)] == before.steps


@given(RUNS)
def test_events_added_one_by_one_give_the_same_trace_as_all_at_once(events: list[MadeUpEvent]) -> None:
    projector = Projector(lesson())
    for number, each in enumerate(events, 1):
        projector.add(each)
        assert projector.trace() == project(lesson(), events[:number])


@given(RUNS)
def test_every_step_has_a_place_in_each_variables_row(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    assert [step.number for step in trace.steps] == list(range(1, len(trace.steps) + 1))
    assert {len(variable.values) for variable in trace.variables} == {len(trace.steps) + 1}


def test_a_run_without_events_has_no_steps_and_no_end() -> None:
    trace = trace_of([])
    assert (trace.steps, trace.ended, trace.number, trace.state.tables) == ((), None, 0, {})


def test_knobs_fill_the_texts_of_steps() -> None:
    trace = trace_of([asked(function="math.pow", x=2, y=0.5), QUEUED])
    assert "math.pow(2, 0.5)" in trace.steps[0].sentence


def test_a_row_about_no_task_has_no_status_and_no_result() -> None:
    trace = trace_of([asked(), QUEUED, started(), stored(), ENDED])
    assert column(trace, "status") == ["Pending", "Running", "Success", "N/A"]
    assert column(trace, "result") == ["None", "None", "-1.0", "N/A"]
    assert column(trace, "task_label") == ["copysign", "copysign", "copysign", ""]


def test_a_row_of_a_program_that_has_read_a_task_is_about_that_task() -> None:
    reads = replace(line(9, 8, result="-1.0"), payload={**line(9, 8).payload, "read": [[TASK["task"], 1]]})
    trace = trace_of([asked(), QUEUED, stored(), reads, ENDED])
    assert column(trace, "status") == ["Pending", "Success", "Success"]
    assert column(trace, "result") == ["None", "-1.0", "-1.0"]


def test_only_the_first_of_several_rules_that_match_makes_a_step() -> None:
    trace = trace_of([asked(), event("died", "sentinel", process="worker", died_pid=73, signal=None, exitcode=1)])
    assert column(trace, "id") == ["worker-died"]


def test_a_step_shows_what_was_known_at_its_event_and_nothing_later() -> None:
    rows = [{"OrmQ": {"count": count, "rows": []}, "Task": {"count": 0, "rows": []}} for count in (1, 0)]
    first, second = (event("queued", "caller", **TASK, args="()", rows=each) for each in rows)
    trace = trace_of([asked(), first, event("printed", "caller", stream="stdout", text="late"), second])
    states = [step.state for step in trace.steps]
    assert [state.tables["OrmQ"].count for state in states] == [1, 0]
    assert [state.printed for state in states] == ["", "late"]


def test_variables_are_marked_at_the_step_that_changes_them() -> None:
    trace = trace_of([asked(), QUEUED, started(), stored()])
    assert [sorted(step.state.changed) for step in trace.steps] == [
        ["task_status"],
        ["task_status"],
        ["task_result", "task_status"],
    ]


def test_program_variables_are_read_from_the_programs_own_lines_only() -> None:
    in_a_function = line(2, 1, function="helper", result="of the helper")
    trace = trace_of([asked(), line(9, 8, result="-1.0"), in_a_function, QUEUED])
    assert trace.steps[0].state.variables["result"] == "-1.0"
    assert trace.steps[0].state.variables["status"] == "not yet"


def test_a_long_result_is_shortened_in_its_cell_and_kept_whole_beside_it() -> None:
    traceback = "math domain error : Traceback (most recent call last):\n  line 1\n"
    (step,) = trace_of([asked(), stored(success=False, result=traceback)]).steps
    assert step.result == "math domain error : Traceback (most recent call last):…"
    assert step.full_result == traceback


def test_the_closing_line_is_at_the_step_that_makes_it_true() -> None:
    trace = trace_of([asked(), QUEUED, stored(), IDLE])
    assert [bool(step.closing) for step in trace.steps] == [False, False, True]
    assert "Success" in trace.steps[-1].closing


def test_the_host_is_no_process_of_the_lab() -> None:
    trace = trace_of([asked(), QUEUED, started(), QUEUED])
    assert [(each.role, each.pid, each.letter) for each in trace.processes] == [("caller", 71, ""), ("worker", 73, "A")]


def test_the_transcript_has_the_sentences_up_to_a_step() -> None:
    trace = trace_of([asked(), QUEUED, started()])
    assert trace.transcript(1) == trace.steps[0].sentence
    assert trace.transcript(2) == f"{trace.steps[0].sentence} {trace.steps[1].sentence}"
    assert trace.state_at(0) == trace.start
