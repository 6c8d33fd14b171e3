"""Questions and answers of a lesson: key moments, questions with options, the snapshot and the sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, WithJsonSchema

from tutor.lessons.claims import ClaimSubject, subject_of
from tutor.lessons.misconceptions import MISCONCEPTIONS

from .toml_table import Id, Name, NonEmptyStr, Scalar, TomlTable

MisconceptionName = Annotated[Id, WithJsonSchema({"enum": list(MISCONCEPTIONS)})]


class KeyMoment(TomlTable):
    """A question that the run answers at one of its steps."""

    question: NonEmptyStr = Field(description="The question.")
    answer: NonEmptyStr = Field(description="Its answer, in Markdown with claims.")
    step: Id = Field(description="The rule whose first step shows it.")


class QuizOption(TomlTable):
    """One option of a question."""

    text: NonEmptyStr = Field(description="Its text.")
    right: StrictBool = Field(False, description="Whether it is the right option.")
    value: NonEmptyStr | None = Field(None, description="The value that it claims, if not its text.")
    why: str = Field("", description="Why it is wrong, in Markdown; the right one's reason is the question's `why`.")
    misconception: MisconceptionName | None = Field(None, description="What somebody believes who chooses it.")
    right_in: Id | None = Field(None, description="The case in whose run it is right.")

    @property
    def claimed(self) -> str:
        """The value that it claims for the question's subject."""
        return self.value or self.text


class QuizQuestion(TomlTable):
    """A question with options, one of them right."""

    question: NonEmptyStr = Field(description="The question.")
    hint: NonEmptyStr = Field(description="How to think about it, in Markdown.")
    look: str = Field("", description="Where to look in the run, in Markdown.")
    options: tuple[QuizOption, ...] = Field(min_length=2, max_length=6, description="The options, usually four.")
    claim: NonEmptyStr = Field(
        description="The subject of the options, such as “status@queued”; the right option has its value."
    )
    why: NonEmptyStr = Field(description="Why the right option is right, in Markdown with claims.")

    @property
    def subject(self) -> ClaimSubject:
        """The subject of the options."""
        return subject_of(self.claim)

    @property
    def key(self) -> int:
        """The right option's index, from 0, in the run that the question is about."""
        return next(index for index, option in enumerate(self.options) if option.right)


def as_list(written: Any) -> list[Any] | tuple[Any, ...]:
    """Return `written` as a list; a single id may be given without brackets."""
    rules = [written] if isinstance(written, str) else written
    if not isinstance(rules, list | tuple) or not rules:
        raise ValueError('"before" must be the id of a step or a list of ids')
    return rules


RuleOrRules = Id | Annotated[tuple[Id, ...], Field(min_length=1)]


class ClassQuestion(QuizQuestion):
    """A question that a presenter asks the class before the step that answers it."""

    before: Annotated[tuple[Id, ...], BeforeValidator(as_list, json_schema_input_type=RuleOrRules)] = Field(
        description="The rule whose first step answers it; where runs differ, a list of such rules."
    )


class RepairMiss(TomlTable):
    """A change of a knob that doesn't make the symptom go."""

    case: Id = Field(description="The case whose only difference from the lesson's own run is that knob.")
    why: NonEmptyStr = Field(description="Why the symptom stays, in Markdown with claims.")
    misconception: MisconceptionName | None = Field(None, description="What somebody believes who expects it to go.")


class RepairQuestion(TomlTable):
    """A question that is answered by changing one knob. A real run judges the answer."""

    question: NonEmptyStr = Field(description="What to reach by changing one knob.")
    hint: NonEmptyStr = Field(description="How to think about it, in Markdown.")
    look: str = Field("", description="Where to look in the lesson's own run, in Markdown.")
    claim: NonEmptyStr = Field(description="The subject of the goal, without a case, such as “executions:report”.")
    value: NonEmptyStr = Field(description="The value that a run with the changed knob must show.")
    knobs: tuple[Name, ...] = Field(min_length=2, description="The knobs that may be changed.")
    heals: Mapping[Name, Scalar] = Field(
        min_length=1, description="Knob → a value that reaches the goal; a case of the lesson shows each."
    )
    misses: tuple[RepairMiss, ...] = Field((), description="Changes that don't, of which there is something to say.")
    why: NonEmptyStr = Field(description="Why the right change reaches the goal, in Markdown with claims.")


class SnapshotPoint(TomlTable):
    """One point of the concept snapshot."""

    text: NonEmptyStr = Field(description="The point, in Markdown with claims.")


class SourceLink(TomlTable):
    """A source of a fact in the lesson."""

    title: NonEmptyStr = Field(description="Its title.")
    url: NonEmptyStr = Field(pattern=r"^https://", description="Its address.")
