"""The program that is shown is the one that runs."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import SourceFile


def test_with_its_defaults_it_is_the_file_byte_for_byte(first_lesson: Lesson) -> None:
    assert first_lesson.program_text(first_lesson.defaults) == first_lesson.program.text == first_lesson.program_text()


def test_a_knobs_value_stands_in_it_as_a_python_literal(first_lesson: Lesson) -> None:
    values = {**first_lesson.defaults, "function": "math.fmod", "x": 1e308, "y": -0.5}
    assert first_lesson.program_text(values).splitlines()[3] == "async_task('math.fmod', 1e+308, -0.5)"


@given(st.floats(-1e308, 1e308), st.integers(-(10**30), 10**30))
def test_the_spans_say_where_the_knobs_stand_and_nothing_else_changes(first_lesson: Lesson, x: float, y: int) -> None:
    values = {**first_lesson.defaults, "x": x, "y": y}
    text = first_lesson.program_text(values)
    lines = text.splitlines()
    spans = first_lesson.program_spans(values)
    stand = {span.name: lines[span.line - 1][span.column : span.column + span.length] for span in spans}
    assert {name: ast.literal_eval(source) for name, source in stand.items()} == {
        "function": "math.copysign",
        "x": x,
        "y": y,
    }
    ours = [line for number, line in enumerate(lines, 1) if number != 4]
    assert ours == [line for number, line in enumerate(first_lesson.program.text.splitlines(), 1) if number != 4]


def test_its_spans_in_the_file_are_those_of_the_defaults(first_lesson: Lesson) -> None:
    assert [(each.name, each.line, each.column, each.length) for each in first_lesson.program_spans()] == [
        ("function", 4, 11, 15),
        ("x", 4, 28, 1),
        ("y", 4, 31, 2),
    ]


def test_a_line_is_found_by_its_text() -> None:
    source = SourceFile("a = 1\n\nif a:\n    b = 2\n")
    assert source.line_number("b = 2") == 4
    assert source.line_number(1) == 1


def test_a_line_that_is_not_there_is_named_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match=r'"late = result\(id\)" occurs 0 times .* nearest is "late = result\(task\)"'):
        SourceFile("late = result(task)\n").line_number("late = result(id)")


@pytest.mark.parametrize("line", [2, 9, 0, "c = 3"])
def test_a_line_that_never_runs_is_refused(line: int | str) -> None:
    with pytest.raises(ValueError, match="never runs|unknown line|occurs 0 times"):
        SourceFile("a = 1\n\nb = 2\n").line_number(line)
