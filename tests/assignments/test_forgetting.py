from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.assignments.conftest import Browser, Given
from tutor.assignments.changes import delete
from tutor.assignments.forgetting import delete_old, forget_old_quizzes
from tutor.assignments.models import AssignedQuestion, Assignment, Draft, Student
from tutor.assignments.timing import KEPT
from tutor.quizzes.models import Attempt, Response
from tutor.runs.library import KEPT as RUN_KEPT
from tutor.runs.library import tidy
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def closed(give: Given, ago: timedelta) -> tuple[Assignment, Browser, datetime]:
    """Return a quiz that has closed so long ago, a student who has answered, and when it closed."""
    given = give()
    ada = Browser(given)
    ada.answer(ada.ids()[0], right=True)
    at = timezone.now() - ago
    Assignment.objects.filter(pk=given.pk).update(opens_at=at - DAY, closes_at=at)
    Run.objects.filter(assigned__assignment=given).update(closed_until=at, asked_at=at - DAY)
    return given, ada, at


def test_a_quiz_is_deleted_ninety_days_after_it_has_closed(give: Given, client: Client) -> None:
    given, ada, at = closed(give, KEPT + DAY)
    assert KEPT == 90 * DAY
    forget_old_quizzes()
    for model in (Assignment, AssignedQuestion, Student, Draft, Attempt, Response):
        assert not model.objects.exists()
    run = Run.objects.get()
    assert run.closed_until == at
    assert not run.is_closed
    assert ada.client.get(ada.page).status_code == 404
    assert client.get(given.teacher_address).status_code == 404


def test_until_then_it_is_kept(give: Given) -> None:
    closed(give, KEPT - DAY)
    assert delete_old(timezone.now()) == 0
    assert Student.objects.get().attempt.responses.count() == 1  # type: ignore[union-attr]


def test_the_runs_of_a_quiz_are_kept_as_long_as_it(give: Given) -> None:
    given, ada, _ = closed(give, RUN_KEPT + DAY)
    assert tidy() == 0
    assert "See it in the run of this quiz" in ada.client.get(f"{ada.page}?question={ada.ids()[0]}").content.decode()
    delete(given)
    assert tidy() == 1


def test_a_run_opens_when_a_quiz_is_deleted_that_hasnt_closed(give: Given) -> None:
    given = give()
    delete(given)
    assert not Run.objects.get().is_closed
