"""A student's questions as pages show them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from tutor.pages.about import about
from tutor.quizzes.quiz import AskedQuestion

from .models import AssignedQuestion, Assignment
from .scoring import counted, points
from .taking import Taking
from .timing import deadline

Status = Literal["open", "sent", "right", "wrong", "out"]
UNDONE: Mapping[bool, tuple[Status, ...]] = {True: ("open", "sent"), False: ("open",)}
"""Whether feedback is given at once → how a question stands that is left to answer."""


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question, how it stands, and what the student has sent or written."""

    stored: AssignedQuestion
    asked: AskedQuestion
    sent: str
    """The last answer in words; "" without one."""
    draft: str
    """What was put into its form last, as JSON; "" if nothing."""
    status: Status
    address: str
    points: float

    @property
    def id(self) -> str:
        return self.asked.id


@dataclass(frozen=True)
class Sheet:
    """What a student sees: one question or all of them."""

    taking: Taking
    id: str
    """The question that is shown; any other text for the first one that is open."""
    drafts: Mapping[int, Any] = field(default_factory=dict)
    """Number of a question → what was put into its form last, for a page with its form."""

    @property
    def assignment(self) -> Assignment:
        return self.taking.assignment

    @cached_property
    def page(self) -> str:
        return self.assignment.get_absolute_url()

    @cached_property
    def questions(self) -> list[SheetQuestion]:
        stored = {str(each.number): each for each in self.taking.chosen}
        return [self.question(each, stored[each.id]) for each in self.taking.asked]

    def question(self, asked: AskedQuestion, stored: AssignedQuestion) -> SheetQuestion:
        sent = self.taking.last_answer(asked.id)
        draft = self.drafts.get(stored.number)
        return SheetQuestion(
            stored,
            asked,
            sent,
            json.dumps(draft) if draft and not asked.state.is_closed else "",
            status_of(asked, stored, sent),
            self.address_of(asked.id),
            points(counted(self.assignment, self.taking.by_question[asked.id])) if self.tells_score else 0,
        )

    @cached_property
    def now(self) -> SheetQuestion | None:
        """The question of a page that has one; None if the quiz has none."""
        wanted = (each for each in self.questions if each.id == self.id)
        first_open = (each for each in self.questions if each.status == "open")
        return next(wanted, None) or next(first_open, None) or next(iter(self.questions), None)

    @property
    def shown(self) -> list[SheetQuestion]:
        """The questions on the page."""
        if not self.assignment.one_by_one:
            return self.questions
        return [self.now] if self.now else []

    @property
    def neighbours(self) -> tuple[SheetQuestion | None, SheetQuestion | None]:
        """The questions before and after the one that is shown."""
        if not self.now or not self.assignment.one_by_one:
            return None, None
        at = self.now.asked.number - 1
        return (self.questions[at - 1] if at else None), next(iter(self.questions[at + 1 :]), None)

    def address_of(self, id: str) -> str:
        """Return the address of the page at a question."""
        page = self.page
        return f"{page}?question={id}#question-{id}" if self.assignment.one_by_one else f"{page}#question-{id}"

    @property
    def answers(self) -> str:
        """The address that answers are sent to, without the number of the question."""
        return f"{self.page}answers/"

    @property
    def draft_address(self) -> str:
        """The address that drafts are sent to, without the number of the question."""
        return f"{self.page}drafts/"

    @property
    def about(self) -> Mapping[str, Any]:
        """What the question that is shown is about, for a page that has one question."""
        if not self.now or not self.assignment.one_by_one:
            return {}
        return about(self.now.asked.lesson, self.now.asked.lesson.case(self.now.stored.case))

    @cached_property
    def subjects(self) -> list[tuple[Mapping[str, Any], list[SheetQuestion]]]:
        """What the questions are about, each with its questions that stand together, for a page that has all."""
        found: list[tuple[AssignedQuestion, list[SheetQuestion]]] = []
        for each in self.questions:
            before = found[-1][0] if found else None
            if before and (before.version_id, before.case) == (each.stored.version_id, each.stored.case):
                found[-1][1].append(each)
            else:
                found.append((each.stored, [each]))
        return [(about(own[0].asked.lesson, own[0].asked.lesson.case(stored.case)), own) for stored, own in found]

    @property
    def is_now(self) -> bool:
        """Whether feedback is given at once."""
        return self.assignment.feedback == Assignment.Feedback.NOW

    @property
    def tells_score(self) -> bool:
        """Whether the student may know the score so far."""
        return self.taking.is_over or self.is_now

    @property
    def answered(self) -> int:
        return sum(bool(each.sent) for each in self.questions)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to answer."""
        return all(each.status not in UNDONE[self.is_now] for each in self.questions)

    @property
    def left_s(self) -> int:
        """The whole seconds that are left."""
        until = deadline(self.assignment, self.taking.student)
        return max(0, int((until - self.taking.now).total_seconds()))

    @property
    def takes_answers(self) -> bool:
        return self.left_s > 0


def status_of(asked: AskedQuestion, stored: AssignedQuestion, sent: str) -> Status:
    """Return how a question stands, as far as the student may know."""
    if stored.taken_out_at:
        return "out"
    if asked.state.is_solved:
        return "right"
    if asked.state.is_closed:
        return "wrong"
    return "sent" if sent else "open"
