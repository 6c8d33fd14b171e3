"""What a lesson asks and answers: key moments, questions with options, the snapshot, where to look further."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool

from tutor.lessons.claims import ClaimSubject, subject_of

from .toml_table import Id, NonEmptyStr, TomlTable


class KeyMoment(TomlTable):
    """A question that the run answers at one of its steps."""

    question: NonEmptyStr = Field(description="The question.")
    answer: NonEmptyStr = Field(description="Its answer, in Markdown with claims.")
    step: Id = Field(description="The rule whose first step shows it.")


class QuizOption(TomlTable):
    """One answer to choose."""

    text: NonEmptyStr = Field(description="What it says.")
    right: StrictBool = Field(False, description="Whether it is the right one.")
    value: NonEmptyStr | None = Field(None, description="What it claims, where that is not its text.")
    why: str = Field("", description="Why it is wrong, in Markdown; the right one's reason is the question's `why`.")

    @property
    def claimed(self) -> str:
        """What it claims of the question's subject."""
        return self.value or self.text


class QuizQuestion(TomlTable):
    """A question with options, one of them right."""

    question: NonEmptyStr = Field(description="The question.")
    hint: NonEmptyStr = Field(description="Where to look, in Markdown.")
    options: tuple[QuizOption, ...] = Field(min_length=2, max_length=6, description="The options, four as a rule.")
    claim: NonEmptyStr = Field(
        description="What the options are about, such as “status@queued”: the right one holds there."
    )
    why: NonEmptyStr = Field(description="Why the right one is right, in Markdown with claims.")

    @property
    def subject(self) -> ClaimSubject:
        """What the options are about."""
        return subject_of(self.claim)

    @property
    def key(self) -> int:
        """The right option's index, from 0, in the run that the question is about."""
        return next(index for index, option in enumerate(self.options) if option.right)


def as_list(written: Any) -> list[Any] | tuple[Any, ...]:
    """Return `written` as a list; a single id may stand without brackets."""
    rules = [written] if isinstance(written, str) else written
    if not isinstance(rules, list | tuple) or not rules:
        raise ValueError('"before" is the id of a step or a list of such ids')
    return rules


RuleOrRules = Id | Annotated[tuple[Id, ...], Field(min_length=1)]


class ClassQuestion(QuizQuestion):
    """What a presenter asks the class before the step that answers it."""

    before: Annotated[tuple[Id, ...], BeforeValidator(as_list, json_schema_input_type=RuleOrRules)] = Field(
        description="The rule whose first step answers it; a list where runs differ: of all whose first step does."
    )


class SnapshotPoint(TomlTable):
    """One point of the concept snapshot."""

    text: NonEmptyStr = Field(description="The point, in Markdown with claims.")


class SourceLink(TomlTable):
    """Where a fact of the lesson can be looked up."""

    title: NonEmptyStr = Field(description="What it is.")
    url: NonEmptyStr = Field(pattern=r"^https://", description="Its address.")
