"""A quiz: questions that are asked together, and how they stand for a browser."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tutor.lessons.claims import subject_of
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.lessons.misconceptions import MISCONCEPTIONS, Misconception
from tutor.runs.models import Run
from tutor.trace.model import Trace

from .authored import CLASS_QUESTION, authored
from .kinds.question import Option, Question
from .models import Response
from .question_state import QuestionState, state_of
from .repairs import repairs

TOKEN_BYTES = 12
"""The random bytes of a token; as text, it has 16 characters."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a quiz, and the lesson that it is about."""

    lesson: Lesson
    question: Question


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions that are asked together."""

    name: str
    """Identifies it, and the order of its options."""
    run: Run | None
    """The run that it is about, if it is about one."""
    items: Mapping[str, Item]
    """Id of the question → item, in the order of the questions."""

    def asked(self, id: str, responses: Sequence[Response]) -> AskedQuestion:
        """Return a question as it stands after `responses`, which may contain those to other questions.

        Raises LookupError if there is none with that id.
        """
        item = self.items[id]
        own = [each for each in responses if each.question == id]
        state = state_of(own, item.question.tries)
        return AskedQuestion(self.name, self.numbers.get(id, 0), item.lesson, item.question, state)

    def all_asked(self, responses: Sequence[Response]) -> list[AskedQuestion]:
        """Return the questions of the quiz as they stand, without that to the class."""
        return [self.asked(id, responses) for id in self.numbers]

    @property
    def questions(self) -> Mapping[str, Question]:
        """Id → question."""
        return {id: item.question for id, item in self.items.items()}

    @property
    def numbers(self) -> Mapping[str, int]:
        """Id → number, from 1, without the question to the class."""
        return {id: number for number, id in enumerate((id for id in self.items if id != CLASS_QUESTION), 1)}


def quiz_of_lesson(lesson: Lesson, run: Run | None, trace: Trace | None, more: Sequence[Question] = ()) -> Quiz:
    """Return the questions that stand in a lesson, at a run or at this version of the lesson, and after them `more`."""
    name = f"run/{run.public_id}" if run else f"version/{lesson.version}"
    made = {each.id: each for each in more}
    questions: Mapping[str, Question] = {**authored(lesson, trace if run else None), **repairs(lesson), **made}
    return Quiz(name, run, {id: Item(lesson, each) for id, each in questions.items()})


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it stands for a browser. Pages use nothing of its question that the browser may not know yet."""

    seed: str
    number: int
    """Its number in its quiz, from 1; 0 for that to the class."""
    lesson: Lesson
    question: Question = field(repr=False)
    state: QuestionState
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES), compare=False)
    """The token of the next response."""

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def case(self) -> Case:
        """The case that it is about on a page without its run."""
        return self.lesson.case(self.question.case)

    @property
    def template(self) -> str:
        """The template of the question's kind."""
        return f"quizzes/kinds/{self.question.kind}.html"

    @property
    def hints(self) -> tuple[tuple[str, str], ...]:
        """The hints that were asked for."""
        return self.question.all_hints[: self.state.hints]

    @property
    def next_hint(self) -> str:
        """What the next hint says: "how to think" or "where to look"; "" if there is none."""
        return next((name for name, _ in self.question.all_hints[self.state.hints :]), "")

    @property
    def key(self) -> str | None:
        """The right answer, once the browser may know it."""
        if self.state.is_solved:
            return self.state.tried[-1]
        return self.question.key if self.state.shows_key else None

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The names that the template of the question's kind uses."""
        return self.question.fields(self.seed, self.state.wrong, self.key)

    @property
    def right(self) -> Option | None:
        """The right option, once the browser may know it."""
        return None if self.key is None else self.question.option(self.key)

    @cached_property
    def refuted(self) -> Option | None:
        """The last answer, if it was wrong."""
        return self.question.option(self.state.tried[-1]) if self.state.tried and not self.state.is_solved else None

    @property
    def tried_out(self) -> Option:
        """The answer that a run tries out."""
        return self.question.option(self.state.tries_out)

    @property
    def ran_in(self) -> Run | None:
        """The run that has judged the last answer, unless another answer is shown."""
        return None if self.state.shows_key else self.state.ran_in

    @property
    def misconception(self) -> Misconception | None:
        """What somebody believes who gave that answer."""
        return MISCONCEPTIONS.get(self.refuted.misconception) if self.refuted else None

    @property
    def right_in(self) -> tuple[str, str] | None:
        """The title of the case in whose run that answer is right, and the claim that this run shows."""
        claim = self.refuted.right_in if self.refuted else ""
        return (self.lesson.case(subject_of(claim).case).title, claim) if claim else None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a quiz whose questions are all answered."""

    count: int
    first_right: int
    """The number of questions whose first answer was right."""
    again: tuple[AskedQuestion, ...]
    """The others."""


def result_of(asked: Sequence[AskedQuestion]) -> Result | None:
    """Return the result; None as long as a question is open, or if there is none."""
    if not asked or not all(each.state.is_closed for each in asked):
        return None
    again = tuple(each for each in asked if not each.state.first_was_right)
    return Result(len(asked), len(asked) - len(again), again)
