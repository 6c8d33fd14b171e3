"""The parts of a lesson's file, table by table, as an author writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from django.utils.safestring import SafeString
from pydantic import Field, StrictInt, StrictStr

from .part import Id, Name, Number, Part, Text
from .patterns import Moment, Pattern
from .prose import render, render_line

FROM_STEP = "step:"


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
    note: str = Field("", description="Template: what is worth knowing about it.")
    say: str = Field("", description="Template: the step as a sentence, for the transcript and for screen readers.")
    node: Id | None = Field(None, description="The flow's node that is lit.")
    set: Mapping[Name, StrictStr] = Field({}, description="Derived variable → template of its new text.")


class Gate(Part):
    """A point where a process of the lab waits, for milliseconds, for another one's event."""

    name: Id = Field(description="How events name it.")
    at: Moment = Field(description="Where a process waits.")
    until: Moment = Field(description="What it waits for.")
    bound_s: Number = Field(5, gt=0, le=30, description="Seconds after which the run ends instead.")
    when: Text | None = Field(None, description="A switch knob that must be on, or “not” and one that must be off.")
    says: Text = Field(description="A sentence for the page: who waits, and why.")

    @property
    def switch(self) -> tuple[str, bool] | None:
        """(knob, value that it has to have), or None where the gate is always there."""
        if self.when is None:
            return None
        name = self.when.removeprefix("not ").strip()
        return name, not self.when.startswith("not ")


class KeyMoment(Part):
    """A question that the run answers at one of its steps."""

    question: Text = Field(description="The question.")
    answer: Text = Field(description="Its answer, in Markdown.")
    step: Id = Field(description="The rule whose first step shows it.")

    @property
    def answer_html(self) -> SafeString:
        return render(self.answer)


class QuizQuestion(Part):
    """A question with options, one of them right."""

    question: Text = Field(description="The question.")
    hint: Text = Field(description="Where to look.")
    options: tuple[StrictStr | StrictInt, ...] = Field(
        min_length=2, max_length=6, description="The options, four as a rule; step numbers with `answer_from`."
    )
    answer: StrictInt | None = Field(None, description="The right option, from 0.")
    answer_from: StrictStr | None = Field(
        None, description="“step:” and a rule's id: right is the number of that rule's first step in the run."
    )
    why: Text = Field(description="Why it is right, in Markdown.")

    @property
    def rule(self) -> str | None:
        """The rule that gives the key, if a run has to."""
        return self.answer_from.removeprefix(FROM_STEP) if self.answer_from else None

    def right(self, first_steps: Mapping[str, int]) -> int | None:
        """The right option's index, from 0.

        `first_steps` is rule id → number of its first step in a run. None where the run has no such step, or not
        yet, or where its number is not among the options.
        """
        if self.rule is None:
            return self.answer
        number = first_steps.get(self.rule)
        return self.options.index(number) if number in self.options else None

    @property
    def why_html(self) -> SafeString:
        return render_line(self.why)


class SnapshotPoint(Part):
    """One point of the concept snapshot."""

    text: Text = Field(description="The point, in Markdown.")

    @property
    def html(self) -> SafeString:
        return render_line(self.text)
