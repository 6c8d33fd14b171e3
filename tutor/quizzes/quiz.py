"""The questions of a lesson, asked at a run or at a version of the lesson, and how they stand for a browser."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from tutor.lessons.format.cases import DEFAULT
from tutor.lessons.format.questions import QuizOption, QuizQuestion
from tutor.lessons.lesson import Lesson
from tutor.lessons.misconceptions import MISCONCEPTIONS, Misconception
from tutor.runs.models import Run
from tutor.trace.claim_evaluation import step_showing
from tutor.trace.model import Trace

from .answers import key_of, question_of, shown_by
from .models import Response
from .option_order import order_of
from .question_state import QuestionState, state_of

TOKEN_BYTES = 12
"""The random bytes of a token; as text, it has 16 characters."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """The questions of a lesson at a run or, without one, at a version of the lesson."""

    lesson: Lesson
    run: Run | None
    trace: Trace
    """The whole trace of the run so far."""

    def order(self, number: int) -> tuple[int, ...]:
        """Return the indexes of the options of a question in the order in which they are shown."""
        seed = self.run.public_id if self.run else self.lesson.version
        return order_of(seed, number, len(question_of(self.lesson, number).options))

    def asked(self, number: int, responses: Sequence[Response]) -> AskedQuestion:
        """Return a question as it stands after `responses`, which may contain those to other questions."""
        own = [each for each in responses if each.question == number]
        return AskedQuestion(self, number, question_of(self.lesson, number), state_of(own))

    def all_asked(self, responses: Sequence[Response]) -> list[AskedQuestion]:
        """Return the questions of the quiz as they stand, without that to the class."""
        return [self.asked(number, responses) for number in range(1, len(self.lesson.content.quiz) + 1)]


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option at its place."""

    place: int
    text: str
    mark: Literal["", "wrong", "right"]
    """What this browser knows of it."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it stands for a browser. It has nothing that the browser may not know yet."""

    quiz: Quiz = field(repr=False)
    number: int
    question: QuizQuestion
    state: QuestionState
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES), compare=False)
    """The token of the next response."""

    @property
    def all_hints(self) -> tuple[tuple[str, str], ...]:
        """What each hint says, and its text."""
        named = ("how to think", self.question.hint), ("where to look", self.question.look)
        return tuple((name, text) for name, text in named if text)

    @property
    def hints(self) -> tuple[tuple[str, str], ...]:
        """The hints that were asked for."""
        return self.all_hints[: self.state.hints]

    @property
    def next_hint(self) -> str:
        """What the next hint says: "how to think" or "where to look"; "" if there is none."""
        return next((name for name, _ in self.all_hints[self.state.hints :]), "")

    @cached_property
    def key(self) -> int | None:
        """The index of the right option, once the browser may know it."""
        if self.state.is_solved:
            return self.state.tried[-1]
        return key_of(self.question, self.quiz.trace) if self.state.shows_key else None

    @property
    def options(self) -> list[ShownOption]:
        """The options in the order in which they are shown."""
        order, marks = self.quiz.order(self.number), dict.fromkeys(self.state.wrong, "wrong")
        marks |= {} if self.key is None else {self.key: "right"}
        return [
            ShownOption(place, self.question.options[index].text, marks.get(index, ""))  # type: ignore[arg-type]
            for place, index in enumerate(order)
        ]

    @property
    def right(self) -> QuizOption | None:
        """The right option, once the browser may know it."""
        return None if self.key is None else self.question.options[self.key]

    @property
    def refuted(self) -> QuizOption | None:
        """The option that was chosen last, if it was wrong."""
        return self.question.options[self.state.tried[-1]] if self.state.tried and not self.state.is_solved else None

    @property
    def misconception(self) -> Misconception | None:
        """What somebody believes who chose that option."""
        return MISCONCEPTIONS.get(self.refuted.misconception or "") if self.refuted else None

    @property
    def right_in(self) -> tuple[str, str] | None:
        """The title of the case in whose run that option is right, and the claim that this run shows."""
        if not self.refuted or not self.refuted.right_in:
            return None
        return self.quiz.lesson.case(self.refuted.right_in).title, self.claim_in(self.refuted.right_in)

    @cached_property
    def case(self) -> str:
        """The case that the question is about; "" if it is about the run of the page.

        It is the lesson's own run, if the run of the page has ended and shows none of the options.
        """
        if self.question.subject.case or not self.quiz.run:
            return self.question.subject.case or DEFAULT
        has_none = self.quiz.trace.ended and shown_by(self.question, self.quiz.trace) is None
        return DEFAULT if has_none else ""

    @property
    def other_case(self) -> str:
        """The title of that case, if the page would otherwise be understood to ask about its run; "" if not."""
        is_other = self.quiz.run and self.case and not self.question.subject.case
        return self.quiz.lesson.case(self.case).title if is_other else ""

    @property
    def step(self) -> int | None:
        """The number of the step of the run that shows the answer; None if the run has none."""
        return None if self.case else step_showing(self.question.subject, self.quiz.trace)

    @property
    def claim(self) -> str:
        """The claim that a reference run shows, if the question isn't about the run of the page; otherwise ""."""
        return self.claim_in(self.case) if self.case else ""

    def claim_in(self, case: str) -> str:
        return str(replace(self.question.subject, case=case))


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
