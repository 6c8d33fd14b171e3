"""What a lesson asks and answers: key moments, questions with options, the snapshot, where to look further."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool

from tutor.lessons.claims import Subject, subject_of

from .part import Id, Part, Text


class KeyMoment(Part):
    """A question that the run answers at one of its steps."""

    question: Text = Field(description="The question.")
    answer: Text = Field(description="Its answer, in Markdown with claims.")
    step: Id = Field(description="The rule whose first step shows it.")


class QuizOption(Part):
    """One answer to choose."""

    text: Text = Field(description="What it says.")
    right: StrictBool = Field(False, description="Whether it is the right one.")
    value: Text | None = Field(None, description="What it claims, where that is not its text.")
    why: str = Field("", description="Why it is wrong, in Markdown; the right one's reason is the question's `why`.")

    @property
    def claimed(self) -> str:
        """What it claims of the question's subject."""
        return self.value or self.text


class QuizQuestion(Part):
    """A question with options, one of them right."""

    question: Text = Field(description="The question.")
    hint: Text = Field(description="Where to look, in Markdown.")
    options: tuple[QuizOption, ...] = Field(min_length=2, max_length=6, description="The options, four as a rule.")
    claim: Text = Field(description="What the options are about, such as “status@queued”: the right one holds there.")
    why: Text = Field(description="Why the right one is right, in Markdown with claims.")

    @property
    def subject(self) -> Subject:
        """What the options are about."""
        return subject_of(self.claim)

    @property
    def key(self) -> int:
        """The right option's index, from 0, in the run that the question is about."""
        return next(index for index, option in enumerate(self.options) if option.right)


def as_list(written: Any) -> Any:
    """A list of rules, which may be written without brackets where it is one alone."""
    rules = [written] if isinstance(written, str) else written
    if not isinstance(rules, list | tuple) or not rules:
        raise ValueError("“before” is a rule, or a list of rules")
    return rules


RuleOrRules = Id | Annotated[tuple[Id, ...], Field(min_length=1)]


class ClassQuestion(QuizQuestion):
    """What a presenter asks the class before the step that answers it."""

    before: Annotated[tuple[Id, ...], BeforeValidator(as_list, json_schema_input_type=RuleOrRules)] = Field(
        description="The rule whose first step answers it; a list where runs differ: of all whose first step does."
    )


class SnapshotPoint(Part):
    """One point of the concept snapshot."""

    text: Text = Field(description="The point, in Markdown with claims.")


class SourceLink(Part):
    """Where a fact of the lesson can be looked up."""

    title: Text = Field(description="What it is.")
    url: Text = Field(pattern=r"^https://", description="Its address.")
