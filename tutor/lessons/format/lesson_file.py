"""`lesson.toml` as a whole."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictInt

from tutor.lessons.prose import plain

from .cases import Case
from .flow import Flow
from .knobs import Knob, Value
from .lab_rules import GateRule, InterventionRule
from .questions import ClassQuestion, KeyMoment, QuizQuestion, RepairQuestion, SnapshotPoint, SourceLink
from .steps import FoldRule, StepRule, TrackedVariable
from .symptom import Symptom
from .toml_table import Id, Name, NonEmptyStr, Regex, TomlTable


class ProgramTable(TomlTable):
    """The program and the places of its knobs."""

    file: Literal["program.py"] = Field("program.py", description="The program's file, beside lesson.toml.")
    places: tuple[NonEmptyStr, ...] = Field(
        (), description="Parts of the program with knobs in braces; with the defaults, each occurs exactly once."
    )
    app: Name | None = Field(None, description="The package of the folder's other Python files (tasks.py, models.py).")


class Healing(TomlTable):
    """Another lesson, offered where a run of this one was broken."""

    lesson: Id = Field(description="The name of its folder.")
    text: NonEmptyStr = Field(description="What it shows that heals it, as a sentence of plain text.")


class LessonFile(TomlTable):
    """The content of `lesson.toml`. `tutor.lessons.schema` makes the JSON Schema from this model."""

    title: NonEmptyStr = Field(description="The lesson's name.")
    neutral_title: str = Field("", description="Its name where questions are asked whose answer the title tells.")
    category: NonEmptyStr = Field(description="What it is about, such as Django.")
    subject: NonEmptyStr | None = Field(None, description="Its section in the catalogue; by default its category.")
    kind: NonEmptyStr = Field(description="The kind of subject, such as framework.")
    minutes: StrictInt = Field(ge=1, le=120, description="About how many minutes it takes.")
    order: StrictInt = Field(1000, description="Its place in the catalogue; smaller numbers come first.")
    summary: NonEmptyStr = Field(description="One sentence of Markdown with claims: the symptom that its run shows.")
    keywords: tuple[NonEmptyStr, ...] = Field(
        (), description="Words that somebody may search for and that its text doesn't have."
    )
    home: StrictBool = Field(False, description="Whether the home page plays its run; true for one lesson only.")
    symptom: Symptom | None = Field(None, description="Its picture in the catalogue: the symptom, drawn from its run.")
    able: str = Field("", description="Markdown: completes “After this you can …”.")
    practice: str = Field("", description="Markdown: what to look for in one's own project.")
    closing: NonEmptyStr = Field(
        description="Template (knobs and variables): the line under the table at the end of a run."
    )
    closing_after: NonEmptyStr = Field(description="The step that makes `closing` true.")
    notes: tuple[NonEmptyStr, ...] = Field(
        (), description="The notes shared with other lessons, by their names in tutor/lessons/notes.toml."
    )
    truth: NonEmptyStr = Field(description="Markdown: what the table's words mean, under the table.")
    knob_template: str = Field(
        "",
        alias="knob_summary",
        description="Template with the names of knobs: their values in one line, such as “{function}({x}, {y})”.",
    )
    clusters: tuple[NonEmptyStr, ...] = Field(
        (), description="The clusters of ALT_CLUSTERS (in settings.toml) that run beside that of Q_CLUSTER."
    )
    deliveries: StrictInt | None = Field(
        None, ge=1, description="Deliveries of tasks after which a run is over; by default it is over when none is due."
    )
    varies: tuple[Regex, ...] = Field(
        (), description="Regular expressions: parts of what it prints and stores that differ from run to run."
    )
    program: ProgramTable = Field(ProgramTable.model_validate({}), description="The program.")
    knobs: tuple[Knob, ...] = Field((), description="What a learner may change.")
    gates: tuple[GateRule, ...] = Field((), description="The points at which processes wait for each other.")
    interventions: tuple[InterventionRule, ...] = Field((), description="The actions in its labs.")
    cases: tuple[Case, ...] = Field((), description="Inputs of runs, and what is expected of them.")
    flow: Flow = Field(description="The concept flow.")
    variables: tuple[TrackedVariable, ...] = Field((), description="The rows of the variable tracker.")
    steps: tuple[StepRule, ...] = Field(min_length=1, description="The rules that make steps from events.")
    folds: tuple[FoldRule, ...] = Field((), description="The like rows of the execution table that share one.")
    key_moments: tuple[KeyMoment, ...] = Field((), description="Questions that the run answers.")
    quiz: tuple[QuizQuestion, ...] = Field((), description="Questions for the learner.")
    repair: tuple[RepairQuestion, ...] = Field((), description="Questions whose answers are tried out by a run.")
    ask: ClassQuestion | None = Field(None, description="A question that a presenter asks the class before a step.")
    snapshot: tuple[SnapshotPoint, ...] = Field((), description="The lesson in a few points.")
    healed_by: Healing | None = Field(None, description="The lesson that heals what goes wrong in this one.")
    sources: tuple[SourceLink, ...] = Field((), description="The sources of its facts.")

    @property
    def catalogue_subject(self) -> str:
        """The subject under which the catalogue lists the lesson."""
        return self.subject or self.category

    def case_changing(self, name: str, value: Value) -> Case | None:
        """Return the case whose only difference from the lesson's own run is that value of a knob; None without one."""
        changes = {name: value}
        return next((each for each in self.cases if each.knobs == changes and not each.lab_rules), None)

    @property
    def all_gates(self) -> tuple[GateRule, ...]:
        """The gates of all runs, and those of single cases."""
        return (*self.gates, *(gate for case in self.cases for gate in case.gates))

    @property
    def summary_text(self) -> str:
        """The summary without markup."""
        return plain(self.summary)

    @property
    def questions(self) -> tuple[QuizQuestion, ...]:
        """The questions of the quiz, and the one that a presenter asks the class."""
        return (*self.quiz, self.ask) if self.ask else self.quiz
