from __future__ import annotations

from tests.trace.events import MadeUpEvent, asked, event, trace_of
from tutor.trace.code_path import CodePath
from tutor.trace.state import Frame


def line(lane: str, line: int | None, ran: int | None, file: str = "program.py") -> MadeUpEvent:
    return event("line", lane, file=file, line=line, ran=ran, locals={})


def test_a_process_has_its_latest_frame_in_each_file() -> None:
    path = CodePath()
    for each in (line("caller", 1, None), line("caller", 4, 1), line("caller", 2, None, "shop/tasks.py")):
        path.add_line(each)
    assert [(frame.file, frame.current_line) for frame in path.ordered_frames()] == [
        ("program.py", 4),
        ("shop/tasks.py", 2),
    ]


def test_the_callers_frames_come_first() -> None:
    path = CodePath()
    path.add_line(line("worker", 1, None, "shop/tasks.py"))
    path.add_line(line("caller", 1, None))
    assert [frame.lane for frame in path.ordered_frames()] == ["caller", "worker"]


def test_a_frame_that_has_returned_is_at_the_line_that_it_left_from() -> None:
    assert Frame("caller", 71, "program.py", None, 9, {}).current_line == 9


def test_a_process_that_runs_no_more_lines_has_no_frames() -> None:
    program = [asked(), line("caller", 4, 1), line("worker", 2, 1, "shop/tasks.py")]
    finished = event("finished", "worker", task="1", delivery=1, success=True)
    assert [frame.lane for frame in trace_of([*program, finished]).state.frames] == ["caller"]
    ended = event("program_ended", "caller", error=None, locals={})
    assert [frame.lane for frame in trace_of([*program, ended]).state.frames] == ["worker"]


def test_a_task_that_the_caller_executes_itself_does_not_end_the_callers_frames() -> None:
    finished = event("finished", "caller", task="1", delivery=1, success=True)
    assert trace_of([asked(), line("caller", 4, 1), finished]).state.frames


def test_a_killed_process_has_no_frames() -> None:
    """It runs no more lines, and its pid may come again."""
    run = [asked(), line("caller", 4, 1), line("worker", 2, 1, "shop/tasks.py")]
    died = event("died", "sentinel", process="worker", died_pid=73, signal="SIGKILL", exitcode=None)
    assert [frame.lane for frame in trace_of([*run, died]).state.frames] == ["caller"]


def test_a_step_has_the_frames_of_its_moment() -> None:
    queued = event("queued", "caller", task="1")
    trace = trace_of([asked(), line("caller", 4, 1), queued, line("caller", 7, 4), queued])
    assert [[frame.line for frame in step.state.frames] for step in trace.steps] == [[4], [7]]


def test_a_line_whose_variables_were_too_long_for_a_message_has_none() -> None:
    path = CodePath()
    path.add_line(event("line", "caller", file="program.py", line=2, ran=1))
    assert [frame.locals for frame in path.ordered_frames()] == [{}]
