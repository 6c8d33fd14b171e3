"""Knobs take what is within their bounds and say kindly what is."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.errors import KnobError
from tutor.lessons.format.knobs import Knob, bind
from tutor.lessons.lesson import Lesson

NUMBER = Knob(name="x", label="x", type="number", default=1, min=-1e308, max=1e308)
INTEGER = Knob(name="n", label="n", type="integer", default=1, min=0, max=10)
CHOICE = Knob(name="f", label="f", type="choice", default="math.pow", choices=("math.pow", "math.hypot"))
SWITCH = Knob(name="wait", label="wait", type="switch", default=True)
KNOBS = (NUMBER, INTEGER, CHOICE, SWITCH)


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
    parsed = knob.parse(text)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("knob", "text", "says"),
    [
        (NUMBER, "banana", "Give a number from -1e+308 to 1e+308. “banana” is not that."),
        (NUMBER, "1e309", "Give a number from -1e+308 to 1e+308. “1e309” is not that."),
        (NUMBER, "nan", "Give a number from -1e+308 to 1e+308. “nan” is not that."),
        (NUMBER, "", "Give a number from -1e+308 to 1e+308. Nothing was given."),
        (INTEGER, "11", "Give a whole number from 0 to 10. “11” is not that."),
        (INTEGER, "1.0", "Give a whole number from 0 to 10. “1.0” is not that."),
        (CHOICE, "os.system", "Choose one of math.pow, math.hypot. “os.system” is not that."),
        (SWITCH, "perhaps", "Say yes or no. “perhaps” is not that."),
    ],
)
def test_what_is_not_allowed_is_answered_with_what_is(knob: Knob, text: str, says: str) -> None:
    with pytest.raises(ValueError, match="is not that|Nothing was given") as caught:
        knob.parse(text)
    assert str(caught.value) == says


@pytest.mark.parametrize("text", ["inf", "-inf", "0x10", "1_000", "١", "1,5", "__import__('os')", "1" * 5000, "True"])
def test_what_python_might_read_but_a_person_did_not_mean_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="Give a number"):
        NUMBER.parse(text)


@given(st.sampled_from(KNOBS), st.text())
def test_any_text_is_a_value_within_bounds_or_a_kind_line(knob: Knob, text: str) -> None:
    try:
        value = bind(KNOBS, {knob.name: text})[knob.name]
    except KnobError as error:
        assert knob.allowed in error.errors[knob.name]
        assert len(str(error).splitlines()) == 1
    else:
        assert knob.allows(value)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_every_number_within_bounds_comes_back_from_its_text_and_from_its_source(value: float) -> None:
    if not NUMBER.allows(value):
        with pytest.raises(ValueError, match="Give a number"):
            NUMBER.parse(NUMBER.text(value))
        return
    for again in (NUMBER.parse(NUMBER.text(value)), ast.literal_eval(NUMBER.source(value))):
        assert (again, type(again), math.copysign(1, again)) == (value, type(value), math.copysign(1, value))


@given(st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_form_is_bound_or_refused_in_one_line(first_lesson: Lesson, raw: dict[str, str]) -> None:
    try:
        first_lesson.bind(raw)
    except KnobError as error:
        assert len(str(error).splitlines()) == 1


def test_what_is_not_given_is_as_in_the_file(first_lesson: Lesson) -> None:
    assert first_lesson.bind({}) == {"function": "math.copysign", "x": 1, "y": -1, "wait": True}


def test_every_wrong_knob_is_named_and_an_unknown_one_too(first_lesson: Lesson) -> None:
    with pytest.raises(KnobError) as caught:
        first_lesson.bind({"x": "banana", "wait": "maybe", "z": "1"})
    assert set(caught.value.errors) == {"x", "wait", "z"}
    assert caught.value.errors["z"] == "There is no such knob; there are function, x, y, wait."


def test_a_form_gets_back_the_texts_that_it_may_send_again(first_lesson: Lesson) -> None:
    values = first_lesson.bind({"function": "math.fmod", "x": "2.5", "wait": "no"})
    texts = first_lesson.knob_texts(values)
    assert texts == {"function": "math.fmod", "x": "2.5", "y": "-1", "wait": "no"}
    assert first_lesson.bind(texts) == values
