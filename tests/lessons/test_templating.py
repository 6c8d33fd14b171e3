"""Templates fill in names and do nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.templating import TemplateError, fill, placeholders

NAMES = {"knob": {"x": 1}, "event": {"result": "-1.0", "error": None, "rows": {"OrmQ": {"count": 0}}}, "pid": 7}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("{knob.x}", "1"),
        ("{event.result} by {pid}", "-1.0 by 7"),
        ("{event.rows.OrmQ.count}", "0"),
        ("{event.error}", "None"),
        ("{{knob.x}} is {knob.x}", "{knob.x} is 1"),
        ("{event.locals.total}", "(not seen)"),
    ],
)
def test_names_are_replaced_by_their_values(template: str, text: str) -> None:
    assert fill(template, NAMES) == text


@pytest.mark.parametrize(
    "template",
    [
        "{",
        "}",
        "{}",
        "{knob.x",
        "{knob.x!r}",
        "{knob.x:>10}",
        "{knob['x']}",
        "{knob.}",
        "{1}",
        "{knob. x}",
        "{{knob.x}",
    ],
)
def test_anything_but_a_name_in_braces_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        placeholders(template)


def test_attributes_of_values_are_out_of_reach() -> None:
    assert fill("{event.result.__class__}", NAMES) == "(not seen)"
    assert fill("{event.__class__}", NAMES) == "(not seen)"


def test_a_value_is_not_read_as_a_template() -> None:
    assert fill("{event.result}", {"event": {"result": "{knob.x}"}}) == "{knob.x}"


@given(st.text())
def test_text_with_its_braces_doubled_comes_back_as_it_was(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}) == text


@given(st.text(alphabet="{}ab. !:"))
def test_any_text_is_filled_or_refused(template: str) -> None:
    try:
        fill(template, NAMES)
    except TemplateError:
        with pytest.raises(TemplateError):
            placeholders(template)


def test_the_end_of_a_printed_line_is_left_out() -> None:
    assert fill("It said “{event.text}”.", {"event": {"text": "ready\n"}}) == "It said “ready”."
