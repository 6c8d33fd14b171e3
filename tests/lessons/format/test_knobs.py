"""A knob describes one value, and what it may be."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lessons.format.knobs import Knob

NUMBER = Knob(name="x", label="x", type="number", default=1, min=-1e308, max=1e308)
INTEGER = Knob(name="n", label="n", type="integer", default=1, min=0, max=10)
CHOICE = Knob(name="f", label="f", type="choice", default="math.pow", choices=("math.pow", "math.hypot"))
SWITCH = Knob(name="wait", label="wait", type="switch", default=True)


def bounded(low: float | None, high: float | None) -> Knob:
    return Knob(name="n", label="n", type="integer", default=1, min=low, max=high)


@pytest.mark.parametrize(
    ("knob", "allowed"),
    [
        (NUMBER, "a number from -1e+308 to 1e+308"),
        (INTEGER, "a whole number from 0 to 10"),
        (bounded(0, None), "a whole number of at least 0"),
        (bounded(None, 10), "a whole number of at most 10"),
        (bounded(None, None), "a whole number"),
        (CHOICE, "one of math.pow, math.hypot"),
        (SWITCH, "yes or no"),
    ],
)
def test_a_knob_says_what_is_allowed(knob: Knob, allowed: str) -> None:
    assert knob.allowed == allowed


@pytest.mark.parametrize(
    ("knob", "value", "allowed"),
    [
        (NUMBER, 1, True),
        (NUMBER, -1.5, True),
        (NUMBER, math.inf, False),
        (NUMBER, math.nan, False),
        (NUMBER, True, False),
        (INTEGER, 10, True),
        (INTEGER, 11, False),
        (INTEGER, 1.0, False),
        (CHOICE, "math.hypot", True),
        (CHOICE, "os.system", False),
        (SWITCH, False, True),
        (SWITCH, 0, False),
    ],
)
def test_a_value_of_another_type_or_out_of_bounds_is_not_allowed(knob: Knob, value: object, allowed: bool) -> None:
    assert knob.allows(value) is allowed


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_the_source_of_a_number_is_a_literal_of_it(value: float) -> None:
    again = ast.literal_eval(NUMBER.source(value))
    assert (again, type(again), math.copysign(1, again)) == (value, type(value), math.copysign(1, value))
