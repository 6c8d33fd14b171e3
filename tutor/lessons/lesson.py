"""A lesson: what its author wrote in `lesson.toml`, and what stands beside it in its folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, StrictInt

from . import lab_settings as cluster_settings
from .claims import Claim
from .errors import Problem
from .format.cases import DEFAULT, Case, Intervention
from .format.knobs import Knob, Value
from .format.part import Part, Text
from .format.parts import Flow, Gate, ProgramPart, StepRule, TrackedVariable
from .format.questions import ClassQuestion, KeyMoment, QuizQuestion, SnapshotPoint, SourceLink
from .program import KnobSpan, Program
from .prose import plain, without_claims
from .templating import fill

__all__ = ["Lesson", "LessonFile", "StepRule"]


class LessonFile(Part):
    """All that `lesson.toml` may have; `schema.py` makes its JSON Schema of this."""

    title: Text = Field(description="The lesson's name.")
    category: Text = Field(description="What it is about, such as Django.")
    subject: Text | None = Field(None, description="Where the catalogue puts it; its category if not given.")
    kind: Text = Field(description="What the subject is, such as framework.")
    minutes: StrictInt = Field(ge=1, le=120, description="About how long it takes.")
    order: StrictInt = Field(1000, description="Its place in the catalogue, the smallest first.")
    summary: Text = Field(description="One sentence of Markdown with claims: the symptom that its run shows.")
    able: str = Field("", description="Markdown: goes on after “After this you can …”.")
    practice: str = Field("", description="Markdown: what to look at in one's own project.")
    closing: Text = Field(description="Template (knobs and variables): the line under the table of a run that is over.")
    closing_after: Text = Field(description="The step that makes `closing` true.")
    truth: Text = Field(description="Markdown: what the table's words are, said once beside it.")
    knob_template: str = Field(
        "",
        alias="knob_summary",
        description="Template with knobs' names alone: their values in a line, such as “{function}({x}, {y})”.",
    )
    deliveries: StrictInt | None = Field(
        None, ge=1, description="After so many deliveries of tasks a run is over; else when no delivery is due."
    )
    program: ProgramPart = Field(ProgramPart.model_validate({}), description="The program.")
    knobs: tuple[Knob, ...] = Field((), description="What a learner may change.")
    gates: tuple[Gate, ...] = Field((), description="Where processes wait for each other.")
    interventions: tuple[Intervention, ...] = Field((), description="What is done to its labs.")
    cases: tuple[Case, ...] = Field((), description="Inputs of a run, and what must come of them.")
    flow: Flow = Field(description="The concept flow.")
    variables: tuple[TrackedVariable, ...] = Field((), description="The variable tracker's lines.")
    steps: tuple[StepRule, ...] = Field(min_length=1, description="The rules that make steps of events.")
    key_moments: tuple[KeyMoment, ...] = Field((), description="Questions that the run answers.")
    quiz: tuple[QuizQuestion, ...] = Field((), description="Questions for the learner.")
    ask: ClassQuestion | None = Field(None, description="What a presenter asks the class before a step.")
    snapshot: tuple[SnapshotPoint, ...] = Field((), description="The lesson in a few points.")
    sources: tuple[SourceLink, ...] = Field((), description="Where its facts come from.")


class Lesson(LessonFile):
    """A lesson that has been read and checked."""

    slug: str
    """Its folder's name."""
    source: Program
    """The program, its knobs at their defaults."""
    files: Mapping[str, str]
    """Path → text of the app's Python files, such as "shop/tasks.py"; importable in the lab."""
    raw_settings: Mapping[str, Any]
    """`settings.toml` as read, knobs still in braces."""
    why: str = ""
    """Why it matters, in Markdown."""
    inside: str = ""
    """How it works inside, in Markdown."""
    claims: tuple[Claim, ...] = ()
    """All that it says of runs."""
    unmarked: tuple[Problem, ...] = ()
    """Where its prose says numbers and status words that are neither claims nor marked as plain."""

    def __hash__(self) -> int:
        return hash(self.slug)

    @cached_property
    def edition(self) -> str:
        """What tells this text of the lesson from an earlier or later one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def apps(self) -> tuple[str, ...]:
        """The packages for INSTALLED_APPS: the lesson's own, if it has one."""
        return (self.program.app,) if self.program.app else ()

    @property
    def defaults(self) -> dict[str, Value]:
        return {knob.name: knob.default for knob in self.knobs}

    def knob(self, name: str) -> Knob:
        """The knob of that name, which must be there."""
        return next(knob for knob in self.knobs if knob.name == name)

    def knob_texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The knobs' values as a person gives them: "yes", "-1", "math.pow". `KnobForm` takes them back."""
        return {knob.name: knob.text(value) for knob, value in self.known(values)}

    def knob_summary(self, values: Mapping[str, Any]) -> str:
        """The knobs' values in a line."""
        return fill(self.knob_template, self.knob_texts(values))

    def program_text(self, values: Mapping[str, Any] | None = None) -> str:
        """The program with these knob values, exactly as it runs; the file's own text without."""
        return self.source.filled(self.knob_sources(values))

    def program_spans(self, values: Mapping[str, Any] | None = None) -> tuple[KnobSpan, ...]:
        """Where the knobs stand in `program_text(values)`."""
        return self.source.spans(self.knob_sources(values))

    def knob_sources(self, values: Mapping[str, Any] | None = None) -> dict[str, str]:
        """The knobs' values as Python literals."""
        return {knob.name: knob.source(value) for knob, value in self.known(values or {})}

    def known(self, values: Mapping[str, Any]) -> Iterator[tuple[Knob, Any]]:
        """Each knob with its value of `values`; its default where an older run did not have it yet."""
        return ((knob, values.get(knob.name, knob.default)) for knob in self.knobs)

    def lab_settings(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The Django settings that the lesson gives its lab, such as {"Q_CLUSTER": {"retry": 2}}."""
        return dict(cluster_settings.with_knobs(dict(self.raw_settings), values))

    def settings_text(self, values: Mapping[str, Any]) -> str:
        """The same as Python, as it would stand in a project's settings.py."""
        return cluster_settings.as_python(self.lab_settings(values))

    def gates_for(self, values: Mapping[str, Any]) -> tuple[Gate, ...]:
        """The gates of a run with these knob values."""
        return tuple(gate for gate in self.gates if gate.holds_for(values))

    def interventions_for(self, values: Mapping[str, Any]) -> tuple[Intervention, ...]:
        """What the lesson does to the lab of a run with these knob values."""
        return tuple(each for each in self.interventions if each.holds_for(values))

    def case(self, name: str) -> Case:
        """The case of that name; “default” and "" are the lesson's own run. Raises LookupError."""
        wanted = name or DEFAULT
        for each in self.cases:
            if each.name == wanted:
                return each
        if wanted == DEFAULT:
            return Case(name=DEFAULT, title="As it stands")
        raise LookupError(f"There is no case “{name}”; there are {', '.join(each.name for each in self.cases)}.")

    def case_knobs(self, case: Case) -> dict[str, Value]:
        """The value of every knob in the run of a case."""
        return {**self.defaults, **case.knobs}

    def closing_line(self, step: str, names: Mapping[str, Any]) -> str:
        """The line under the table at a step made by the rule `step`, "" where it would not be true.

        `names` has "knob" and "var".
        """
        return fill(without_claims(self.closing), names) if step == self.closing_after else ""

    @property
    def shelf(self) -> str:
        """The subject that the catalogue puts it under."""
        return self.subject or self.category

    @property
    def summary_text(self) -> str:
        """The summary without markup."""
        return plain(self.summary)

    @property
    def questions(self) -> tuple[QuizQuestion, ...]:
        """The quiz and what the class is asked."""
        return (*self.quiz, self.ask) if self.ask else self.quiz
