from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString

from tests.trace.events import MadeUpEvent, asked, trace_of
from tests.trace.life import by, line
from tutor.styles.drawing.code_panes import VALUE, CodeFile, PaneLine, beside, frame_pane, hints_of
from tutor.styles.drawing.loops import loops
from tutor.trace.code_history import Visit

TEXT = "\n".join(["def f(n):", "    total = 0", "    for n in range(n):", "        total += n", "    return total"])
FILE = CodeFile([SafeString(each) for each in TEXT.splitlines()], TEXT.splitlines(), loops(TEXT))


def visits_after(events: Iterable[MadeUpEvent]) -> list[Visit]:
    made_up = [asked(), *events]
    return list(trace_of(made_up).code.visits(len(made_up)))


def at(to: int | None, ran: int | None, function: str = "f", **names: str) -> MadeUpEvent:
    return line(to, ran, "worker", file="shop/tasks.py", function=function, locals=names)


def pane_lines(*events: MadeUpEvent) -> tuple[PaneLine, ...]:
    (visit,) = visits_after(events)
    return frame_pane(visit, visit.frame, FILE, since=0).lines


def locals_after(*events: MadeUpEvent, since: int = 0) -> list[tuple[str, str, bool]]:
    (visit,) = visits_after(events)
    return [(each.name, each.since, each.is_changed) for each in frame_pane(visit, visit.frame, FILE, since).locals]


def test_the_line_that_is_about_to_run_is_live_and_those_before_it_have_run() -> None:
    lines = pane_lines(at(2, None, n="3"), at(3, 2, n="3", total="0"))
    assert [each.kind for each in lines] == ["", "past", "live", "", ""]


def test_the_last_line_stays_live_when_its_function_has_been_left() -> None:
    lines = pane_lines(at(5, 3), at(None, 5))
    assert [each.kind for each in lines] == ["", "", "past", "", "live"]


def test_a_line_where_a_frame_waits_is_marked() -> None:
    lines = pane_lines(line(2, None, "worker", file="shop/tasks.py", stack=[["shop/tasks.py", "g", 5]], depth=1))
    assert [each.kind for each in lines] == ["", "live", "", "", "waits"]


def test_a_live_line_names_the_short_values_that_it_reads() -> None:
    values = {"n": "3", "total": "0", "other": "1", "long": "x" * 100}
    assert hints_of("    total += n + long", values) == (("total", "0"), ("n", "3"))


def test_a_loop_has_its_rounds_below_its_last_line() -> None:
    lines = pane_lines(at(3, 2), at(4, 3, n="0"), at(3, 4, n="0"), at(4, 3, n="1"))
    assert [[rounds.count for rounds in each.rounds] for each in lines] == [[], [], [], [2], []]


def test_variables_say_which_line_gave_them_their_value() -> None:
    first, second = at(2, None, n="3"), at(3, 2, n="3", total="0")
    assert locals_after(first, second) == [("n", "argument", True), ("total", "new in line 2", True)]
    assert locals_after(first, second, since=3) == [("n", "argument", False), ("total", "since line 2", False)]
    changed = at(3, 4, n="3", total="1")
    assert locals_after(first, second, changed, since=3)[1] == ("total", "changed in line 4", True)


def test_a_long_value_is_cut() -> None:
    (visit,) = visits_after([at(2, None, n="x" * 2000)])
    (local,) = frame_pane(visit, visit.frame, FILE, since=0).locals
    assert len(local.value) == VALUE


def test_processes_in_the_same_function_are_named_with_whether_they_stand_at_the_same_line() -> None:
    events = [at(2, None), by(83, at(2, None)), by(93, at(4, 3)), by(94, at(2, None, "g"))]
    visits = visits_after(events)
    assert [(each.pid, is_same) for each, is_same in beside(visits[0], visits)] == [(83, True), (93, False)]


def test_a_file_that_the_lesson_does_not_have_shows_no_lines() -> None:
    (visit,) = visits_after([at(2, None, n="3")])
    pane = frame_pane(visit, visit.frame, None, since=0)
    assert (pane.lines, len(pane.locals)) == ((), 1)
