"""Knobs: the values of a program or its settings that a learner may change, within bounds.

A knob's value has three forms: the *text* that a person gives ("yes", "-1", "math.pow"), the *value* (True, -1,
"math.pow") and the *source*, a Python literal that stands in the program (True, -1, 'math.pow').
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from tutor.lessons.errors import KnobError

from .part import Name, Part, Scalar, Text

Value = bool | int | float | str

INTEGER = re.compile(r"[+-]?[0-9]+")
FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
LONGEST = 400
"""Characters that a knob's text may have; more is not read."""


class Knob(Part):
    """One value that may be changed."""

    name: Name = Field(description="How places, templates, forms and the command name it.")
    label: Text = Field(description="What the page calls it.")
    type: Literal["number", "integer", "choice", "switch"] = Field(
        description="number: whole or with a point; integer: whole; choice: one of `choices`; switch: yes or no."
    )
    default: Scalar = Field(description="The value that stands in the program's file.")
    min: Scalar | None = Field(None, description="For numbers: the smallest value allowed.")
    max: Scalar | None = Field(None, description="For numbers: the largest value allowed.")
    choices: tuple[Scalar, ...] = Field((), description="For a choice: all values allowed.")
    help: str = Field("", description="A sentence that the page says beside it.")

    def parse(self, text: str) -> Value:
        """The value that `text` means. ValueError says in a sentence what is allowed."""
        given = text.strip().replace("\N{MINUS SIGN}", "-")
        value = self.read(given) if len(given) <= LONGEST else None
        if value is None or not self.allows(value):
            raise ValueError(f"{self.allowed} {said(given)}")
        return value

    def read(self, text: str) -> Value | None:
        match self.type:
            case "switch":
                return True if text.lower() in YES else False if text.lower() in NO else None
            case "choice":
                return next((each for each in self.choices if self.text(each) == text), None)
            case "integer":
                return int(text) if INTEGER.fullmatch(text) else None
            case "number":
                return int(text) if INTEGER.fullmatch(text) else float(text) if FLOAT.fullmatch(text) else None

    def allows(self, value: object) -> bool:
        """Whether `value` has this knob's type and is within its bounds."""
        if self.type == "switch":
            return isinstance(value, bool)
        if self.type == "choice":
            return any(value == each and type(value) is type(each) for each in self.choices)
        if isinstance(value, bool) or not isinstance(value, int if self.type == "integer" else int | float):
            return False
        return (isinstance(value, int) or math.isfinite(value)) and self.within(value)

    def within(self, value: float) -> bool:
        low, high = self.bounds
        return (low is None or value >= low) and (high is None or value <= high)

    @property
    def bounds(self) -> tuple[int | float | None, int | float | None]:
        """The smallest and the largest value of a number; None for no bound."""
        low, high = (None if isinstance(each, str) else each for each in (self.min, self.max))
        return low, high

    @property
    def allowed(self) -> str:
        """A sentence that says what may be given."""
        if self.type == "switch":
            return "Say yes or no."
        if self.type == "choice":
            return f"Choose one of {', '.join(self.text(each) for each in self.choices)}."
        low, high = (None if each is None else f"{each:g}" if isinstance(each, float) else each for each in self.bounds)
        kind = "a whole number" if self.type == "integer" else "a number"
        if low is None and high is None:
            return f"Give {kind}."
        if low is None or high is None:
            return f"Give {kind} of at least {low}." if high is None else f"Give {kind} of at most {high}."
        return f"Give {kind} from {low} to {high}."

    def text(self, value: object) -> str:
        """`value` as a person gives it."""
        return str(value) if not isinstance(value, bool) else "yes" if value else "no"

    def source(self, value: object) -> str:
        """`value` as a Python literal."""
        return repr(value)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """(key, message) for each thing that contradicts another."""
        if bool(self.choices) != (self.type == "choice"):
            yield "choices", "choices are for a knob of the type “choice”, and such a knob needs them"
        for key, bound in (("min", self.min), ("max", self.max)):
            if bound is not None and (self.type not in ("number", "integer") or isinstance(bound, str | bool)):
                yield key, "a bound is a number, for a knob of the type “number” or “integer”"
                return
        low, high = self.bounds
        if low is not None and high is not None and low > high:
            yield "min", f"min is {low}, more than max, which is {high}"
        elif not self.allows(self.default):
            yield "default", f"the default {self.default!r} is not allowed by its own knob. {self.allowed}"
        if any(isinstance(each, str) and not each.isprintable() for each in (*self.choices, self.default)):
            yield "choices", "a value of a knob stays within its line"


def bind(knobs: Iterable[Knob], raw: Mapping[str, str]) -> dict[str, Value]:
    """The value of every knob: from `raw` (name → text) where it has it, else the default.

    Raises KnobError with a message for each text that is not allowed and each name that is no knob's.
    """
    known = {knob.name: knob for knob in knobs}
    errors = {one_line(name): unknown(known) for name in raw if name not in known}
    values: dict[str, Value] = {}
    for name, knob in known.items():
        try:
            values[name] = knob.parse(raw[name]) if name in raw else knob.default
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise KnobError(errors)
    return values


def unknown(known: Mapping[str, Knob]) -> str:
    return f"There is no such knob; there are {', '.join(known)}." if known else "This lesson has no knobs."


def said(text: str) -> str:
    """What was given instead."""
    return f"“{one_line(text)}” is not that." if text else "Nothing was given."


def one_line(text: str) -> str:
    """`text` shortened, without anything that would break a line."""
    shown = text if len(text) <= 40 else f"{text[:39]}…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in shown)
