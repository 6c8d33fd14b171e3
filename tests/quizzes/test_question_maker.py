from __future__ import annotations

import pytest

from tests.recording import Recording, recording, run  # noqa: F401
from tutor.lessons.lesson import Lesson
from tutor.quizzes import question_maker
from tutor.quizzes.question_maker import QuestionMaker
from tutor.runs.code_hash import hash_of_code
from tutor.runs.models import Host, ReferenceRun, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lessons whose questions were generated."""
    found: list[str] = []

    def note(lesson: Lesson) -> None:
        found.append(lesson.slug)

    monkeypatch.setattr(question_maker, "of_lesson", note)
    return found


def add_reference(recording: Recording, number: int) -> None:  # noqa: F811
    ended = Run.objects.create(lesson=recording.run.lesson, version=recording.run.version, state=Run.State.ENDED)
    ReferenceRun.objects.create(
        run=ended, version=recording.run.version, case="default", code=hash_of_code(), number=number
    )


def test_questions_are_made_once_for_the_reference_runs_of_a_lesson(recording: Recording, made: list[str]) -> None:  # noqa: F811
    recording.go_on()
    maker = QuestionMaker()
    assert not maker.make_one()
    for number in (1, 2):
        add_reference(recording, number)
        assert maker.make_one()
        assert not maker.make_one()
    assert made == [recording.run.lesson] * 2


def test_a_run_of_a_learner_comes_first(recording: Recording, made: list[str]) -> None:  # noqa: F811
    add_reference(recording, 1)
    maker = QuestionMaker()
    assert not maker.make_one()
    assert made == []
    Host.objects.all().delete()
    assert maker.make_one()
