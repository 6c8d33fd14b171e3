"""`lesson.toml` as a whole."""

from __future__ import annotations

from pydantic import Field, StrictInt

from tutor.lessons.prose import plain

from .cases import Case, Intervention
from .knobs import Knob
from .part import Part, Text
from .parts import Flow, Gate, ProgramPart, StepRule, TrackedVariable
from .questions import ClassQuestion, KeyMoment, QuizQuestion, SnapshotPoint, SourceLink


class LessonFile(Part):
    """All that `lesson.toml` may have; `tutor.lessons.schema` makes its JSON Schema of this."""

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
