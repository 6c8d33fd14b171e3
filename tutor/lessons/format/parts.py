"""The parts of a lesson's file, table by table, as an author writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, StrictInt, StrictStr

from .part import Id, Name, Number, Part, Text
from .patterns import Moment, Pattern


class ProgramPart(Part):
    """The program and the places where its knobs stand."""

    file: Literal["program.py"] = Field("program.py", description="The program's file, beside lesson.toml.")
    places: tuple[Text, ...] = Field(
        (), description="Stretches of the program with knobs in braces; with the defaults each stands there once."
    )
    app: Name | None = Field(
        None, description="The package that the folder's other Python files (tasks.py, models.py) are in."
    )


class Node(Part):
    """One node of the concept flow."""

    id: Id = Field(description="How edges and steps name it.")
    label: Text = Field(description="What stands in it.")
    shape: Literal["terminal", "step", "decision"] = Field("step", description="Its outline.")
    at: tuple[StrictInt, StrictInt] = Field(description="Its column and row in the drawing, from 0.")
    lit_by: tuple[Pattern, ...] = Field((), description="Events that light it, beside the steps that name it.")


class Edge(Part):
    """An arrow of the concept flow."""

    source: Id = Field(alias="from", description="The node that it leaves.")
    target: Id = Field(alias="to", description="The node that it goes to.")
    label: str = Field("", description="A word beside it, such as the answer to a decision.")


class Flow(Part):
    """The concept flow: what happens, as a drawing whose nodes light up."""

    caption: Text = Field(description="A sentence that says what the drawing shows.")
    nodes: tuple[Node, ...] = Field(min_length=1, description="The nodes.")
    edges: tuple[Edge, ...] = Field((), description="The arrows.")


class TrackedVariable(Part):
    """One line of the variable tracker."""

    name: Name = Field(description="How steps set it, or its name in the program.")
    kind: Literal["derived", "program"] = Field(
        description="derived: set by steps; program: read from the program's own names as they are."
    )
    start: str = Field("None", description="The text of a derived variable before the first step.")
    label: str | None = Field(None, description="What the page calls it, if not by its name.")


class StepRule(Part):
    """Which events make a row of the execution table, and what it says. The first rule that matches makes it."""

    id: Id = Field(description="How key moments and the quiz name it.")
    on: Pattern = Field(description="The events that make such a step, each of them a new one.")
    short: Text = Field(description="The step in a word or two, for the scrubber.")
    action: Text = Field(description="Template: what happens.")
    status: str | None = Field(None, description="Template: the task's status; as after the step before if not given.")
    result: str | None = Field(None, description="Template: the result stored; as after the step before if not given.")
    note: str = Field("", description="Template with claims: what is worth knowing about it.")
    say: str = Field("", description="Template with claims: the step as a sentence, for transcript and screen readers.")
    node: Id | None = Field(None, description="The flow's node that is lit.")
    present: str = Field("", description="What a presenter may say at it, in Markdown.")
    set: Mapping[Name, StrictStr] = Field({}, description="Derived variable → template of its new text.")


class Switched(Part):
    """Something that is there always, or only where a switch knob is on, or off."""

    when: Text | None = Field(None, description="A switch knob that must be on, or “not” and one that must be off.")

    @property
    def switch(self) -> tuple[str, bool] | None:
        """(knob, value that it has to have), or None where it is always there."""
        return (self.when.removeprefix("not ").strip(), not self.when.startswith("not ")) if self.when else None

    def holds_for(self, values: Mapping[str, Any]) -> bool:
        """Whether it is there in a run with these knob values."""
        return self.switch is None or values[self.switch[0]] is self.switch[1]


class Gate(Switched):
    """A point where a process of the lab waits, for milliseconds, for another one's event."""

    name: Id = Field(description="How events name it.")
    at: Moment = Field(description="Where a process waits.")
    until: Moment = Field(description="What it waits for.")
    bound_s: Number = Field(5, gt=0, le=30, description="Seconds after which the run ends instead.")
    says: Text = Field(description="A sentence for the page: who waits, and why.")
