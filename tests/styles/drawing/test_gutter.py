from __future__ import annotations

from dataclasses import replace

from tests.styles.drawing.timelines import steps_at
from tutor.styles.drawing.gutter import COLUMNS, LINES, MarkedLine, at_end, marked, moved
from tutor.styles.drawing.source import Gap, Listing, SourceLine
from tutor.trace.bars import Place
from tutor.trace.histories import Point, Process
from tutor.trace.model import Trace
from tutor.trace.state import Frame, TraceState

CALLER = Process("caller", 1, "", Point(1, "caller", 1, 0.0), Point(1, "caller", 1, 0.0))
WORKERS = [Process("worker", pid, letter, CALLER.first, CALLER.first) for pid, letter in ((73, "A"), (83, "B"))]


def state(*frames: Frame) -> TraceState:
    return TraceState(frames=frames, processes=(CALLER, *WORKERS))


def frame(lane: str, pid: int, file: str, line: int | None, ran: int | None = None) -> Frame:
    return Frame(lane, pid, file, line, ran, {})


def listing(file: str, lines: int, text: str = "x") -> Listing:
    return Listing(file, tuple(SourceLine(number, text, past=False, here=()) for number in range(1, lines + 1)))  # type: ignore[arg-type]


def shown(parts: tuple[MarkedLine | Gap, ...]) -> list[int | tuple[int, int]]:
    return [(each.first, each.last) if isinstance(each, Gap) else each.line.number for each in parts]


def test_files_that_have_room_are_shown_as_a_whole() -> None:
    (file,) = marked([listing("program.py", 9)], state(), bounded=True)
    assert shown(file.parts) == list(range(1, 10))


def test_of_long_files_the_lines_around_those_where_processes_stand_are_shown() -> None:
    frames = state(frame("caller", 1, "program.py", 30), frame("worker", 73, "shop/tasks.py", 20))
    program, tasks = marked([listing("program.py", 60), listing("shop/tasks.py", 40)], frames, bounded=True)
    assert shown(program.parts) == [(1, 27), 28, 29, 30, 31, 32, (33, 60)]
    assert shown(tasks.parts) == [(1, 17), 18, 19, 20, 21, 22, (23, 40)]
    assert not program.is_closed


def test_a_long_line_takes_the_room_of_several() -> None:
    frames = state(frame("caller", 1, "program.py", 30))
    (short,) = marked([listing("program.py", 60)], frames, bounded=True)
    (long,) = marked([listing("program.py", 60, "x" * 3 * COLUMNS)], frames, bounded=True)
    assert len(long.parts) < len(short.parts) <= LINES


def test_a_file_in_which_nobody_is_takes_no_room() -> None:
    frames = state(frame("caller", 1, "program.py", 30))
    _, models = marked([listing("program.py", 60), listing("shop/models.py", 30)], frames, bounded=True)
    assert models.is_closed
    assert shown(models.parts) == [(1, 30)]


def test_each_process_is_marked_at_its_line_and_one_that_has_left_is_marked_so() -> None:
    frames = state(
        frame("worker", 73, "shop/tasks.py", 3),
        frame("worker", 83, "shop/tasks.py", 3),
        frame("caller", 1, "program.py", None, 2),
    )
    program, tasks = marked([listing("program.py", 4), listing("shop/tasks.py", 4)], frames, bounded=True)
    markers = {each.line.number: each.markers for each in tasks.parts if isinstance(each, MarkedLine) and each.markers}
    assert [(each.label, each.has_left) for each in markers[3]] == [("worker A", False), ("worker B", False)]
    assert (tasks.who, program.who) == ("worker A, worker B", "caller has left it")
    left = [each for each in program.parts if isinstance(each, MarkedLine) and each.markers]
    assert [each.is_live for each in left] == [False]


def test_without_a_run_the_files_are_whole() -> None:
    (file,) = marked([listing("program.py", 60)], TraceState(), bounded=False)
    assert len(file.parts) == 60


def test_who_has_moved_is_told_with_the_line_unless_the_lesson_does_not_show_its_file() -> None:
    stays = frame("caller", 1, "program.py", 2)
    here, elsewhere = frame("worker", 73, "shop/tasks.py", 3), frame("worker", 83, "other/tasks.py", 3)
    before, after = steps_at(1.0, 2.0)
    steps = replace(before, state=state(stays)), replace(after, state=state(stays, here, elsewhere))
    files = [listing("program.py", 4), listing("shop/tasks.py", 4)]
    found = moved(files, Trace(steps), 2)
    assert [(marker.label, file, line.number) for marker, file, line in found] == [("worker A", "shop/tasks.py", 3)]


def test_a_program_that_has_run_its_last_line_is_at_its_end_until_it_has_ended() -> None:
    returned = replace(frame("caller", 1, "program.py", None, 4), function="<module>")
    files, running = [listing("program.py", 4)], state(returned)
    (program,) = marked(files, running, bounded=True)
    assert (program.who, at_end(running)) == ("caller at its end", {Place("caller", 1)})
    assert [each.is_live for each in program.parts if isinstance(each, MarkedLine) and each.markers] == [True]
    over = TraceState(frames=(returned,), processes=(replace(CALLER, ended=CALLER.last),))
    (program,) = marked(files, over, bounded=True)
    assert (program.who, at_end(over)) == ("caller has ended", set())
