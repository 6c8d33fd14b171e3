"""The lessons that come with the site: their runs bear out all their claims, and the check would notice wrong ones."""

from __future__ import annotations

import pytest

from tests.checking.conftest import RunsOf
from tutor.checking.case_runs import Runs
from tutor.checking.findings import findings
from tutor.checking.mutation import mutants, unfalsifiable
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.lesson import Lesson

LESSONS = list(catalogue_of((CONTENT,)).read().lessons.values())


@pytest.fixture(scope="module")
def runs(runs_of: RunsOf) -> Runs:
    """A run of every case of every lesson."""
    return runs_of(LESSONS)


def test_the_site_comes_with_twenty_three_lessons(runs: Runs) -> None:
    assert len(LESSONS) >= 23
    assert len(runs) >= 60
    assert sum(len(lesson.claims) for lesson in LESSONS) >= 300


def test_every_lesson_can_be_read() -> None:
    assert not catalogue_of((CONTENT,)).read().problems


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_its_runs_bear_out_its_claims(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in findings(lesson, runs)] == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_every_mutant_of_its_claims_is_caught_and_every_claim_can_be_false(lesson: Lesson, runs: Runs) -> None:
    assert [str(each) for each in mutants([lesson], runs) if not each.caught] == []
    assert list(unfalsifiable([lesson], runs)) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_it_has_all_its_parts(lesson: Lesson) -> None:
    content = lesson.content
    assert content.ask
    assert all((content.able, content.practice, lesson.why, lesson.inside, content.sources, content.knobs))
    assert min(len(content.key_moments), len(content.quiz), len(content.cases)) >= 3
    assert all(option.why for question in content.questions for option in question.options if not option.right)
    made = set(lesson.case("default").path or ())
    assert all(step.present for step in lesson.content.steps if step.id in made)
