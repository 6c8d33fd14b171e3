"""The frames of a run at any of its events."""

from __future__ import annotations

from hypothesis import given

from tests.trace.any_run import RUNS
from tests.trace.events import MadeUpEvent, asked, event, lesson, trace_of
from tests.trace.life import by, finished, line, program_ended, queued
from tutor.trace.code_history import CodeHistory, Visit
from tutor.trace.projector import project
from tutor.trace.state import Caller, Frame


def code_of(*events: MadeUpEvent) -> CodeHistory:
    return trace_of([asked(), *events]).code


def inside(visits: list[Visit]) -> set[tuple[int, str, int | None]]:
    """Return the frames of the processes that are in the lesson's files, each by its process, file and event."""
    return {(each.pid, frame.file, frame.number) for each in visits if each.left is None for frame in each.frames}


def in_a_function(at: int | None, ran: int | None, function: str = "f", **names: str) -> MadeUpEvent:
    return line(at, ran, "worker", file="shop/tasks.py", function=function, locals=names)


def since(frame: Frame) -> dict[str, tuple[int | None, bool]]:
    """Return name → the line that gave the variable its value, and whether the variable was new then."""
    return {name: (each.line, each.is_new) for name, each in frame.bindings.items()}


@given(RUNS)
def test_the_processes_at_a_step_are_those_of_its_frames(events: list[MadeUpEvent]) -> None:
    trace = project(lesson(), events)
    for step in trace.steps:
        expected = {(frame.pid, frame.file, frame.number) for frame in step.state.frames}
        assert inside(list(trace.code.visits(step.event_number))) == expected


@given(RUNS)
def test_nothing_at_an_event_comes_from_later_ones(events: list[MadeUpEvent]) -> None:
    whole = project(lesson(), events).code
    for number in range(len(events) + 1):
        so_far = project(lesson(), events[:number]).code
        assert list(so_far.visits(number)) == list(whole.visits(number))
        assert so_far.before(number + 1) == whole.before(number + 1)


def test_a_line_event_has_a_frame_and_others_before_and_after_it() -> None:
    code = code_of(line(1, None), queued(), line(2, 1))
    assert code.at(2) == code.frames[0]
    assert code.at(3) is None
    assert (code.before(4), code.after(2)) == code.frames
    assert (code.before(2), code.after(4)) == (None, None)
    assert code.count(3, 4) == 1


def test_a_variable_has_its_value_since_the_line_that_gave_it() -> None:
    code = code_of(line(1, None), line(2, 1, locals={"a": "1"}), line(3, 2, locals={"a": "1", "b": "2"}))
    assert since(code.frames[-1]) == {"a": (1, True), "b": (2, True)}
    changed = code_of(line(2, 1, locals={"a": "1"}), line(3, 2, locals={"a": "5"}), line(4, 3, locals={"a": "5"}))
    assert since(changed.frames[-1]) == {"a": (2, False)}


def test_an_argument_has_its_value_from_the_beginning_of_its_call() -> None:
    code = code_of(in_a_function(2, None, n="3"), in_a_function(3, 2, n="3"))
    assert since(code.frames[-1]) == {"n": (None, True)}


def test_the_calls_of_a_recursion_are_told_apart() -> None:
    code = code_of(
        in_a_function(2, None, n="2"),
        in_a_function(3, 2, n="2"),
        in_a_function(2, None, n="1"),
        in_a_function(None, 2, n="1"),
        in_a_function(None, 3, n="2"),
    )
    assert [frame.call for frame in code.frames] == [2, 2, 4, 4, 2]
    (visit,) = code.visits(6)
    assert [frame.number for frame in visit.of_call(visit.frame)] == [2, 3, 6]


def test_a_call_goes_on_where_hits_of_its_lines_are_not_sent() -> None:
    code = code_of(in_a_function(2, None), in_a_function(3, 2), in_a_function(5, 4))
    assert [frame.call for frame in code.frames] == [2, 2, 2]


def test_a_generator_goes_on_after_the_line_that_asked_it() -> None:
    loop = [line(7, 6, "worker", function="loop"), in_a_function(2, None), line(8, 7, "worker", function="loop")]
    code = code_of(*loop, in_a_function(3, 2))
    assert code.frames[-1].call == code.frames[1].call


def test_a_process_has_left_once_its_function_has_ended_and_may_come_back() -> None:
    code = code_of(in_a_function(2, None), finished(), in_a_function(2, None))
    first, left, back = (next(code.visits(number)) for number in (2, 3, 4))
    assert first.left is None
    assert left.left
    assert (left.left.number, left.left.kind) == (3, "finished")
    assert back.left is None
    assert [frame.number for frame in back.frames] == [4]


def test_a_program_that_has_ended_has_left() -> None:
    (visit,) = code_of(line(1, None), program_ended()).visits(3)
    assert visit.left
    assert visit.left.kind == "program_ended"


def test_a_process_has_run_its_own_lines() -> None:
    other = by(83, in_a_function(4, 3))
    visits = {each.pid: each for each in code_of(in_a_function(3, 2), other).visits(3)}
    assert {pid: each.lines_run("shop/tasks.py") for pid, each in visits.items()} == {73: {2}, 83: {3}}


def test_a_frame_has_the_frames_that_wait_for_it_if_its_run_records_them() -> None:
    new = line(2, 1, stack=[["program.py", "<module>", 4]], depth=1)
    old = event("line", "caller", file="program.py", line=2, ran=1, locals={})
    assert [(each.callers, each.depth) for each in code_of(new, old).frames] == [
        ((Caller("program.py", "<module>", 4),), 1),
        ((), 0),
    ]
