"""The rules that make steps from events, and the variables that the tracker shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, StrictStr

from .flow import TokenOwner
from .patterns import Pattern
from .toml_table import Id, Name, NonEmptyStr, TomlTable


class StepRule(TomlTable):
    """The events that make a row of the execution table, and its texts. The first rule that matches makes the row."""

    id: Id = Field(description="Its name in claims, key moments and questions.")
    on: Pattern = Field(description="The events that make such a step; each event makes one.")
    short: NonEmptyStr = Field(description="The step in a word or two, for the scrubber.")
    action: NonEmptyStr = Field(description="Template: what happens, in a few words.")
    headline: str = Field(
        "", description="Template: what happens now, by whom, to what, in at most 90 characters; by default the action."
    )
    about: NonEmptyStr | None = Field(
        None,
        description="The task that the row is about, whose status and result it shows: “none”, “read” (the task that"
        " the process has just read), or a template for a task's id, name or function, such as “charge” or “charge#2”."
        " By default the event's own task, or else the one just read.",
    )
    note: str = Field("", description="Template with claims: a remark on the step, in at most 140 characters.")
    more: str = Field("", description="Template with claims: more about it, for those who ask.")
    say: str = Field("", description="Template with claims: the step as a sentence, for transcript and screen readers.")
    node: Id | None = Field(None, description="The node of the flow that it lights.")
    token: TokenOwner = Field("task", description="Whose token moves there; see the flow's nodes.")
    present: str = Field("", description="What a presenter may say at this step, in Markdown.")
    set: Mapping[Name, StrictStr] = Field({}, description="Derived variable → template of its new text.")


class FoldRule(TomlTable):
    """Like rows of the execution table that share one when they follow each other, apart from the current row."""

    steps: tuple[Id, ...] = Field(min_length=1, description="The step rules that make the rows.")
    text: NonEmptyStr = Field(
        description="Template: what happens in all of them, with their number, such as “{count} mails are stored”."
    )


class TrackedVariable(TomlTable):
    """One row of the variable tracker."""

    name: Name = Field(description="Its name in steps, or in the program.")
    kind: Literal["derived", "program", "status", "result"] = Field(
        description="derived: set by steps; program: read from the variables of the program, or of a task's function;"
        " status, result: those of a task."
    )
    task: NonEmptyStr | None = Field(
        None, description="The task that it belongs to: its name or function, such as “charge” or “charge#2”."
    )
    start: str = Field("None", description="The text of a derived variable before the first step.")
    label: str | None = Field(None, description="Its label on the page; by default its name.")
