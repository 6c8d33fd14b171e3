"""The rules that make steps of events, and the variables that the tracker shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, StrictStr

from .patterns import Pattern
from .toml_table import Id, Name, NonEmptyStr, TomlTable


class StepRule(TomlTable):
    """Which events make a row of the execution table, and what it says. The first rule that matches makes it."""

    id: Id = Field(description="How key moments and the quiz name it.")
    on: Pattern = Field(description="The events that make such a step, each of them a new one.")
    short: NonEmptyStr = Field(description="The step in a word or two, for the scrubber.")
    action: NonEmptyStr = Field(description="Template: what happens.")
    status: str | None = Field(None, description="Template: the task's status; as after the step before if not given.")
    result: str | None = Field(None, description="Template: the result stored; as after the step before if not given.")
    note: str = Field("", description="Template with claims: what is worth knowing about it.")
    say: str = Field("", description="Template with claims: the step as a sentence, for transcript and screen readers.")
    node: Id | None = Field(None, description="The flow's node that is lit.")
    present: str = Field("", description="What a presenter may say at it, in Markdown.")
    set: Mapping[Name, StrictStr] = Field({}, description="Derived variable → template of its new text.")


class TrackedVariable(TomlTable):
    """One line of the variable tracker."""

    name: Name = Field(description="How steps set it, or its name in the program.")
    kind: Literal["derived", "program"] = Field(
        description="derived: set by steps; program: read from the program's own names as they are."
    )
    start: str = Field("None", description="The text of a derived variable before the first step.")
    label: str | None = Field(None, description="What the page calls it, if not by its name.")
