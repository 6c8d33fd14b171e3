"""`lesson.toml` as a whole."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt

from tutor.lessons.prose import plain

from .cases import Case
from .flow import Flow
from .knobs import Knob
from .lab_rules import GateRule, InterventionRule
from .questions import ClassQuestion, KeyMoment, QuizQuestion, SnapshotPoint, SourceLink
from .steps import StepRule, TrackedVariable
from .toml_table import Name, NonEmptyStr, TomlTable


class ProgramTable(TomlTable):
    """The program and the places where its knobs stand."""

    file: Literal["program.py"] = Field("program.py", description="The program's file, beside lesson.toml.")
    places: tuple[NonEmptyStr, ...] = Field(
        (), description="Stretches of the program with knobs in braces; with the defaults each stands there once."
    )
    app: Name | None = Field(
        None, description="The package that the folder's other Python files (tasks.py, models.py) are in."
    )


class LessonFile(TomlTable):
    """All that `lesson.toml` may have; `tutor.lessons.schema` makes its JSON Schema of this."""

    title: NonEmptyStr = Field(description="The lesson's name.")
    category: NonEmptyStr = Field(description="What it is about, such as Django.")
    subject: NonEmptyStr | None = Field(None, description="Where the catalogue puts it; its category if not given.")
    kind: NonEmptyStr = Field(description="What the subject is, such as framework.")
    minutes: StrictInt = Field(ge=1, le=120, description="About how long it takes.")
    order: StrictInt = Field(1000, description="Its place in the catalogue, the smallest first.")
    summary: NonEmptyStr = Field(description="One sentence of Markdown with claims: the symptom that its run shows.")
    able: str = Field("", description="Markdown: goes on after “After this you can …”.")
    practice: str = Field("", description="Markdown: what to look at in one's own project.")
    closing: NonEmptyStr = Field(
        description="Template (knobs and variables): the line under the table of a run that is over."
    )
    closing_after: NonEmptyStr = Field(description="The step that makes `closing` true.")
    truth: NonEmptyStr = Field(description="Markdown: what the table's words are, said once beside it.")
    knob_template: str = Field(
        "",
        alias="knob_summary",
        description="Template with knobs' names alone: their values in a line, such as “{function}({x}, {y})”.",
    )
    deliveries: StrictInt | None = Field(
        None, ge=1, description="After so many deliveries of tasks a run is over; else when no delivery is due."
    )
    program: ProgramTable = Field(ProgramTable.model_validate({}), description="The program.")
    knobs: tuple[Knob, ...] = Field((), description="What a learner may change.")
    gates: tuple[GateRule, ...] = Field((), description="Where processes wait for each other.")
    interventions: tuple[InterventionRule, ...] = Field((), description="What is done to its labs.")
    cases: tuple[Case, ...] = Field((), description="Inputs of a run, and what must come of them.")
    flow: Flow = Field(description="The concept flow.")
    variables: tuple[TrackedVariable, ...] = Field((), description="The variable tracker's lines.")
    steps: tuple[StepRule, ...] = Field(min_length=1, description="The rules that make steps of events.")
    key_moments: tuple[KeyMoment, ...] = Field((), description="Questions that the run answers.")
    quiz: tuple[QuizQuestion, ...] = Field((), description="Questions for the learner.")
    ask: ClassQuestion | None = Field(None, description="What a presenter asks the class before a step.")
    snapshot: tuple[SnapshotPoint, ...] = Field((), description="The lesson in a few points.")
    sources: tuple[SourceLink, ...] = Field((), description="Where its facts come from.")

    @property
    def catalogue_subject(self) -> str:
        """The subject under which the catalogue lists the lesson."""
        return self.subject or self.category

    @property
    def summary_text(self) -> str:
        """The summary without markup."""
        return plain(self.summary)

    @property
    def questions(self) -> tuple[QuizQuestion, ...]:
        """The questions of the quiz, and the one that a presenter asks the class."""
        return (*self.quiz, self.ask) if self.ask else self.quiz
