from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.pages.waiting_queue import queue  # noqa: F401
from tests.quizzes.test_practice import many_made
from tests.recording import SLUG, Recording, empty_caches  # noqa: F401
from tutor.assignments import pool, questions
from tutor.assignments.making import make, make_questions
from tutor.assignments.models import Assignment
from tutor.assignments.questions import made_of, quiz_of
from tutor.lessons import catalogue
from tutor.runs.models import Run

Given = Callable[..., Assignment]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Empty the caches of what is made of questions: those of two tests may have the same keys, unlike a site's."""
    questions.kept_questions.cache_clear()
    questions.kept_numbers.cache_clear()


@pytest.fixture
def give(queue: object, monkeypatch: pytest.MonkeyPatch) -> Given:  # noqa: F811
    """Give a quiz about the first lesson whose own run has ended; the other runs are as if they were lost."""
    monkeypatch.setattr(pool, "at_run", lambda lesson, case, trace: many_made(lesson, case))

    def give(**fields: Any) -> Assignment:
        now = timezone.now()
        defaults = {
            "title": "Week 3",
            "kinds": ["choice", "cell", "order", "point"],
            "number": 4,
            "opens_at": now - timedelta(minutes=1),
            "closes_at": now + timedelta(days=1),
        }
        assignment = make(Assignment(**{**defaults, **fields}), [catalogue.get(SLUG)], "127.0.0.1")
        first, *others = [each.run for each in assignment.runs.order_by("pk")]
        Recording(first).go_on()
        Run.objects.filter(pk__in=[each.pk for each in others]).delete()
        make_questions(assignment)
        assignment.refresh_from_db()
        return assignment

    return give


@pytest.fixture
def given(give: Given) -> Assignment:
    """A quiz with feedback at once."""
    return give()


class Browser:
    """The browser of a student."""

    def __init__(self, assignment: Assignment, name: str = "Ada") -> None:
        self.assignment, self.client = assignment, Client()
        self.page = assignment.get_absolute_url()
        self.client.post(self.page, {"name": name})
        self.client.post(f"{self.page}begin/")

    @property
    def student(self) -> Any:
        return self.assignment.students.get(key=self.key)

    @property
    def key(self) -> str:
        """What its cookie contains."""
        return self.client.cookies["student"].value.split(":")[0]

    def ids(self) -> list[int]:
        """The numbers of the questions that it is asked."""
        return [each.number for each in pool.chosen(list(self.assignment.questions.all()), self.assignment, self.key)]

    def send(self, id: int, **form: str) -> Any:
        """Send a form of a question."""
        sent = {"kind": "answer", "token": f"token-{Browser.sent:010}", **form}
        Browser.sent += 1
        return self.client.post(f"{self.page}answers/{id}/", sent)

    sent = 0

    def answer(self, id: int, *, right: bool) -> Any:
        """Answer a choice."""
        return self.send(id, option=self.place(id, right=right))

    def place(self, id: int, *, right: bool, but: str = "") -> str:
        """Return the place of a right or wrong option, as a form sends it."""
        question: Any = made_of(self.assignment).items[id].question
        order = question.order(quiz_of(self.assignment, self.key).name)
        found = [place for place, index in enumerate(order) if (index == question.right) == right]
        return str(next(place for place in found if str(place) != but))


@pytest.fixture
def ada(given: Assignment) -> Browser:
    """A student who has begun the quiz."""
    return Browser(given)
