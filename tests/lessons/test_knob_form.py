"""The form of a lesson's knobs takes what is within their bounds, and says what is."""

from __future__ import annotations

import math

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.lessons.format.test_knobs import CHOICE, INTEGER, NUMBER, SWITCH
from tutor.lessons.format.knobs import Knob
from tutor.lessons.knob_form import KnobForm
from tutor.lessons.lesson import Lesson

KNOBS = (NUMBER, INTEGER, CHOICE, SWITCH)


def error_of(knob: Knob, text: str) -> str:
    """The message for `text`; "" if it is a value."""
    return " ".join(KnobForm(KNOBS, {knob.name: text}).errors.get(knob.name, []))


@pytest.mark.parametrize(
    ("knob", "text", "value"),
    [
        (NUMBER, "1", 1),
        (NUMBER, " -1 ", -1),
        (NUMBER, "\N{MINUS SIGN}1.5", -1.5),
        (NUMBER, "1e308", 1e308),
        (NUMBER, ".5", 0.5),
        (NUMBER, "2.", 2.0),
        (INTEGER, "10", 10),
        (CHOICE, "math.hypot", "math.hypot"),
        (SWITCH, "yes", True),
        (SWITCH, "No", False),
        (SWITCH, "off", False),
    ],
)
def test_a_text_becomes_a_value_of_its_own_type(knob: Knob, text: str, value: object) -> None:
    form = KnobForm(KNOBS, {knob.name: text})
    assert form.is_valid()
    found = form.cleaned_data[knob.name]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("knob", "text", "message"),
    [
        (NUMBER, "banana", '"banana" isn\'t a number from -1e+308 to 1e+308.'),
        (NUMBER, "1e309", '"1e309" isn\'t a number from -1e+308 to 1e+308.'),
        (NUMBER, "nan", '"nan" isn\'t a number from -1e+308 to 1e+308.'),
        (NUMBER, " ", "Enter a number from -1e+308 to 1e+308."),
        (INTEGER, "11", '"11" isn\'t a whole number from 0 to 10.'),
        (INTEGER, "1.0", '"1.0" isn\'t a whole number from 0 to 10.'),
        (CHOICE, "os.system", '"os.system" isn\'t one of math.pow, math.hypot.'),
        (SWITCH, "perhaps", '"perhaps" isn\'t yes or no.'),
        (SWITCH, "", "Enter yes or no."),
    ],
)
def test_a_message_says_what_is_allowed(knob: Knob, text: str, message: str) -> None:
    assert error_of(knob, text) == message


@pytest.mark.parametrize("text", ["inf", "-inf", "0x10", "1_000", "١", "1,5", "__import__('os')", "1" * 5000, "True"])
def test_what_only_python_would_read_as_a_number_is_not_one(text: str) -> None:
    assert "isn't a number" in error_of(NUMBER, text)


@given(st.sampled_from(KNOBS), st.text())
def test_any_text_is_a_value_within_bounds_or_gets_a_line_that_names_them(knob: Knob, text: str) -> None:
    form = KnobForm(KNOBS, {knob.name: text})
    if form.is_valid():
        assert knob.allows(form.cleaned_data[knob.name])
    else:
        assert knob.allowed in error_of(knob, text)
        assert len(error_of(knob, text).splitlines()) == 1


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_every_number_within_bounds_comes_back_from_its_text(value: float) -> None:
    form = KnobForm([NUMBER], {"x": NUMBER.text(value)})
    assert form.is_valid() is NUMBER.allows(value)
    if form.is_valid():
        again = form.cleaned_data["x"]
        assert (again, type(again), math.copysign(1, again)) == (value, type(value), math.copysign(1, value))


@given(st.dictionaries(st.text(), st.text(), max_size=3))
def test_each_error_is_one_line(first_lesson: Lesson, texts: dict[str, str]) -> None:
    for messages in KnobForm(first_lesson.content.knobs, texts).errors.values():
        assert all(len(message.splitlines()) == 1 for message in messages)


def test_a_knob_that_is_left_out_has_its_default(first_lesson: Lesson) -> None:
    form = KnobForm(first_lesson.content.knobs, {})
    assert form.is_valid()
    assert form.cleaned_data == {"function": "math.copysign", "x": 1, "y": -1, "wait": True} == first_lesson.defaults


def test_every_wrong_knob_is_named_and_an_unknown_one_too(first_lesson: Lesson) -> None:
    form = KnobForm(first_lesson.content.knobs, {"x": "banana", "wait": "maybe", "z": "1"})
    assert set(form.errors) == {"x", "wait", "__all__"}
    assert form.non_field_errors() == ['Unknown knob "z" (known: function, x, y, wait).']


def test_a_lesson_without_knobs_knows_none() -> None:
    assert KnobForm((), {}).is_valid()
    assert KnobForm((), {"z": "1"}).non_field_errors() == ['Unknown knob "z" (known: none).']


def test_the_token_of_a_posted_form_is_not_a_knob(first_lesson: Lesson) -> None:
    assert KnobForm(first_lesson.content.knobs, {"csrfmiddlewaretoken": "a" * 64}).is_valid()


@pytest.mark.parametrize(("posted", "value"), [("wait=no", False), ("wait=no&wait=yes", True)])
def test_a_checkbox_that_is_not_ticked_means_no(posted: str, value: bool) -> None:
    form = KnobForm([SWITCH], QueryDict(posted))
    assert form.is_valid()
    assert form.cleaned_data == {"wait": value}


def test_the_texts_of_values_are_read_as_the_same_values(first_lesson: Lesson) -> None:
    values = {"function": "math.fmod", "x": 2.5, "y": -1, "wait": False}
    texts = first_lesson.knob_texts(values)
    assert texts == {"function": "math.fmod", "x": "2.5", "y": "-1", "wait": "no"}
    form = KnobForm(first_lesson.content.knobs, texts)
    assert form.is_valid()
    assert form.cleaned_data == values


@pytest.mark.parametrize(
    ("knob", "value", "html"),
    [
        (NUMBER, 2.5, 'value="2.5"'),
        (INTEGER, 3, 'inputmode="numeric"'),
        (CHOICE, "math.hypot", '<option value="math.hypot" selected>'),
        (SWITCH, True, '<input type="hidden" name="wait" value="no"><input type="checkbox" name="wait" value="yes"'),
        (SWITCH, True, " checked"),
    ],
)
def test_a_field_shows_its_value(knob: Knob, value: bool | float | str, html: str) -> None:
    field = str(KnobForm(KNOBS, values={knob.name: value})[knob.name])
    assert html in field
    assert f'id="knob-{knob.name}"' in field
    assert f'aria-describedby="knob-{knob.name}-help"' in field
    assert "aria-invalid" not in field


def test_a_refused_form_keeps_what_was_typed() -> None:
    form = KnobForm(KNOBS, {"x": "banana", "n": " \N{MINUS SIGN}1", "wait": "no"})
    assert 'value="banana"' in str(form["x"])
    assert 'aria-invalid="true"' in str(form["x"])
    assert 'value=" \N{MINUS SIGN}1"' in str(form["n"])
    assert " checked" not in str(form["wait"])
