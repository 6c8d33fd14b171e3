from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.utils.safestring import SafeString

from tutor.lessons import catalogue
from tutor.styles.drawing.source import WHOLE, Gap, Listing, SourceLine, listings, windowed
from tutor.trace.histories import Process
from tutor.trace.state import Frame, TraceState

LESSON = catalogue.get("task-results-and-status")


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_listing_is_the_program_character_by_character() -> None:
    for knobs in (LESSON.defaults, {**LESSON.defaults, "function": "math.pow", "x": 1e308, "y": 10}):
        (file,) = listings(LESSON, knobs, TraceState())
        assert [plain(line.html) for line in file.lines] == LESSON.program_text(knobs).splitlines()


def test_the_whole_value_of_a_knob_is_marked() -> None:
    (file,) = listings(LESSON, {**LESSON.defaults, "y": -1.5e-7}, TraceState())
    marked = re.findall(r'<span class="knob" data-knob="(\w+)">(.*?</span>)</span>', file.lines[3].html)
    assert [(name, plain(value)) for name, value in marked] == [
        ("function", "'math.copysign'"),
        ("x", "1"),
        ("y", "-1.5e-07"),
    ]


def state(*frames: Frame, **fields: Any) -> TraceState:
    """A state with these frames and their processes."""
    processes = tuple(Process(each.lane, each.pid, "", 0.0, 0.0) for each in frames)
    return TraceState(frames=frames, processes=processes, **fields)


def test_a_listing_shows_the_current_line_of_each_process_and_the_lines_that_have_run() -> None:
    caller = Frame("caller", 20, "program.py", 7, 4, {})
    (file,) = listings(LESSON, LESSON.defaults, state(caller, lines_run=frozenset({("program.py", 4)})))
    assert [line.number for line in file.lines if line.here == ("caller",)] == [7]
    assert [line.number for line in file.lines if line.past] == [4]


def test_a_process_that_has_returned_is_at_the_last_line_that_it_ran() -> None:
    caller = Frame("caller", 20, "program.py", None, 9, {})
    (file,) = listings(LESSON, LESSON.defaults, state(caller))
    assert [line.number for line in file.lines if line.here] == [9]


def test_html_in_a_program_is_escaped() -> None:
    (file,) = listings(LESSON, {**LESSON.defaults, "function": "<b>&'\""}, TraceState())
    assert "<b>" not in file.lines[3].html
    assert "<b>&" in plain(file.lines[3].html)


def long_listing(past: range = range(0)) -> Listing:
    lines = (SourceLine(number, SafeString(f"line {number}"), number in past, ()) for number in range(1, 61))
    return Listing("program.py", tuple(lines))


def shown(live: list[int], past: range = range(0)) -> list[int | tuple[int, int, int]]:
    """Return the numbers of the lines that a window has, and (first, last, how many have run) of its gaps."""
    return [
        (each.first, each.last, each.ran) if isinstance(each, Gap) else each.number
        for each in windowed(long_listing(past), live)
    ]


def test_a_short_listing_is_shown_as_a_whole() -> None:
    (file,) = listings(LESSON, LESSON.defaults, TraceState())
    assert windowed(file, [4]) == file.lines


def test_a_long_listing_has_windows_around_its_live_lines_and_gaps_that_say_what_ran() -> None:
    assert shown([10, 30], past=range(1, 6)) == [(1, 6, 5), *range(7, 14), (14, 26, 0), *range(27, 34), (34, 60, 0)]


def test_windows_that_touch_are_one_and_a_single_line_between_them_is_shown() -> None:
    assert shown([10, 18]) == [(1, 6, 0), *range(7, 22), (22, 60, 0)]


def test_a_long_listing_without_a_live_line_is_shown_from_its_beginning() -> None:
    assert shown([]) == [*range(1, WHOLE), (WHOLE, 60, 0)]
