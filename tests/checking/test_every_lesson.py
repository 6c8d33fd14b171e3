"""All lessons that come with the site: whatever they say is borne out by runs, and the check would notice if not."""

from __future__ import annotations

import pytest

from tutor.checking.case_runs import Keeping, Runs
from tutor.checking.findings import findings
from tutor.checking.mutation import mutants, unbreakable
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.lesson import Lesson

LESSONS = list(catalogue_of((CONTENT,)).read().lessons.values())


@pytest.fixture(scope="module")
def runs(keeping: Keeping) -> Runs:
    """A run of every case of every lesson, made side by side."""
    return keeping.runs(LESSONS, anew=True, side_by_side=4)


def test_there_are_so_many(runs: Runs) -> None:
    assert len(LESSONS) >= 22
    assert len(runs) >= 60
    assert sum(len(lesson.claims) for lesson in LESSONS) >= 300


def test_every_lesson_can_be_read() -> None:
    assert not catalogue_of((CONTENT,)).read().problems


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_whatever_it_says_is_borne_out(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in findings(lesson, runs)] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_altered_claim_of_it_is_caught_and_none_is_beyond_doubt(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in mutants([lesson], runs) if not each.caught] == []
    assert [f"{claim.subject}: {claim.says}" for _, claim in unbreakable([lesson], runs)] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_it_has_all_its_parts(lesson: Lesson) -> None:
    content = lesson.content
    assert content.ask
    assert all((content.able, content.practice, lesson.why, lesson.inside, content.sources, content.knobs))
    assert min(len(content.key_moments), len(content.quiz), len(content.cases)) >= 3
    assert all(option.why for question in content.questions for option in question.options if not option.right)
    made = set(lesson.case("default").path or ())
    assert all(step.present for step in lesson.content.steps if step.id in made)
