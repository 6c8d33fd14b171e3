"""The rules that make steps from events, and the variables that the tracker shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, StrictStr

from .patterns import Pattern
from .toml_table import Id, Name, NonEmptyStr, TomlTable


class StepRule(TomlTable):
    """The events that make a row of the execution table, and its texts. The first rule that matches makes the row."""

    id: Id = Field(description="Its name in claims, key moments and questions.")
    on: Pattern = Field(description="The events that make such a step; each event makes one.")
    short: NonEmptyStr = Field(description="The step in a word or two, for the scrubber.")
    action: NonEmptyStr = Field(description="Template: what happens.")
    status: str | None = Field(None, description="Template: the task's status; by default as after the previous step.")
    result: str | None = Field(None, description="Template: the stored result; by default as after the previous step.")
    note: str = Field("", description="Template with claims: a remark on the step.")
    say: str = Field("", description="Template with claims: the step as a sentence, for transcript and screen readers.")
    node: Id | None = Field(None, description="The node of the flow that it lights.")
    present: str = Field("", description="What a presenter may say at this step, in Markdown.")
    set: Mapping[Name, StrictStr] = Field({}, description="Derived variable → template of its new text.")


class TrackedVariable(TomlTable):
    """One row of the variable tracker."""

    name: Name = Field(description="Its name in steps, or in the program.")
    kind: Literal["derived", "program"] = Field(
        description="derived: set by steps; program: read from the program's variables."
    )
    start: str = Field("None", description="The text of a derived variable before the first step.")
    label: str | None = Field(None, description="Its label on the page; by default its name.")
