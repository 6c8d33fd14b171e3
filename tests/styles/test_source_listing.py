from __future__ import annotations

import re
from html import unescape

from tutor.lessons import catalogue
from tutor.styles.drawing.source import listings
from tutor.trace.model import Frame, TraceState

LESSON = catalogue.get("task-results-and-status")


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_a_listing_is_the_program_letter_by_letter() -> None:
    for knobs in (LESSON.defaults, {**LESSON.defaults, "function": "math.pow", "x": 1e308, "y": 10}):
        (file,) = listings(LESSON, knobs, TraceState())
        assert [plain(line.html) for line in file.lines] == LESSON.program_text(knobs).splitlines()


def test_a_knob_is_marked_with_the_whole_of_its_value() -> None:
    (file,) = listings(LESSON, {**LESSON.defaults, "y": -1.5e-7}, TraceState())
    marked = re.findall(r'<span class="knob" data-knob="(\w+)">(.*?</span>)</span>', file.lines[3].html)
    assert [(name, plain(value)) for name, value in marked] == [
        ("function", "'math.copysign'"),
        ("x", "1"),
        ("y", "-1.5e-07"),
    ]


def test_a_listing_shows_where_each_process_is_and_what_has_run() -> None:
    caller = Frame("caller", 20, "program.py", 7, 4, {})
    (file,) = listings(LESSON, LESSON.defaults, TraceState(frames=(caller,), lines_run=frozenset({("program.py", 4)})))
    assert [line.number for line in file.lines if line.here == (caller,)] == [7]
    assert [line.number for line in file.lines if line.past] == [4]


def test_who_has_just_left_from_a_line_still_stands_at_it() -> None:
    caller = Frame("caller", 20, "program.py", None, 9, {})
    (file,) = listings(LESSON, LESSON.defaults, TraceState(frames=(caller,)))
    assert [line.number for line in file.lines if line.here] == [9]


def test_what_looks_like_html_in_a_program_stays_text() -> None:
    (file,) = listings(LESSON, {**LESSON.defaults, "function": "<b>&'\""}, TraceState())
    assert "<b>" not in file.lines[3].html
    assert "<b>&" in plain(file.lines[3].html)
