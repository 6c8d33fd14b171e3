from __future__ import annotations

import re
from html import unescape
from typing import Any

from tutor.lessons import catalogue
from tutor.styles.drawing.source import listings
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
