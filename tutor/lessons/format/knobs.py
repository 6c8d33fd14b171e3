"""Knobs: the values of a program or its settings that a learner may change, within bounds.

A knob's value has three forms: the *text* that a person gives ("yes", "-1", "math.pow"), the *value* (True, -1,
"math.pow") and the *source*, a Python literal in the program (True, -1, 'math.pow').
`tutor.lessons.knob_form` converts texts to values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from .toml_table import Name, NonEmptyStr, Scalar, TomlTable

Value = bool | int | float | str


class Knob(TomlTable):
    """A value that a learner may change."""

    name: Name = Field(description="Its name in places, templates, forms and commands.")
    label: NonEmptyStr = Field(description="Its label on the page.")
    type: Literal["number", "integer", "choice", "switch"] = Field(
        description="number: any number; integer: a whole number; choice: one of `choices`; switch: yes or no."
    )
    default: Scalar = Field(description="Its value in the program's file.")
    min: Scalar | None = Field(None, description="For numbers: the smallest allowed value.")
    max: Scalar | None = Field(None, description="For numbers: the largest allowed value.")
    choices: tuple[Scalar, ...] = Field((), description="For a choice: the allowed values.")
    help: str = Field("", description="A sentence beside it on the page.")

    def allows(self, value: object) -> bool:
        """Return whether `value` has this knob's type and is within its bounds."""
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
        """The allowed values, such as "a whole number from 1 to 9" or "one of math.pow, math.hypot"."""
        if self.type == "switch":
            return "yes or no"
        if self.type == "choice":
            return f"one of {', '.join(self.text(each) for each in self.choices)}"
        kind = "a whole number" if self.type == "integer" else "a number"
        low, high = (
            None if each is None else f"{each:.15g}" if isinstance(each, float) else each for each in self.bounds
        )
        if low is not None and high is not None:
            return f"{kind} from {low} to {high}"
        if low is not None:
            return f"{kind} of at least {low}"
        return f"{kind} of at most {high}" if high is not None else kind

    def text(self, value: object) -> str:
        """Return `value` as a person writes it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def source(self, value: object) -> str:
        """Return `value` as a Python literal."""
        return repr(value)

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """Yield (key, message) for each contradiction between the knob's keys."""
        if bool(self.choices) != (self.type == "choice"):
            yield "choices", 'a knob of the type "choice" needs choices, and no other knob can have them'
        for key, bound in (("min", self.min), ("max", self.max)):
            if bound is not None and (self.type not in ("number", "integer") or isinstance(bound, str | bool)):
                yield key, 'a bound must be a number, and only a knob of the type "number" or "integer" can have one'
                return
        low, high = self.bounds
        if low is not None and high is not None and low > high:
            yield "min", f"min ({low}) is greater than max ({high})"
        elif not self.allows(self.default):
            yield "default", f"the default {self.default!r} isn't {self.allowed}"
        if any(isinstance(each, str) and not each.isprintable() for each in (*self.choices, self.default)):
            yield "choices", "a value can't contain a line break or another unprintable character"
