"""Misconceptions: each has a name and one sentence that somebody who believes it would say."""

from __future__ import annotations

import pytest

from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.misconceptions import MISCONCEPTIONS
from tutor.lessons.prose import plain


def test_each_has_a_short_name_and_one_sentence() -> None:
    for each in MISCONCEPTIONS.values():
        assert len(each.name) <= 50
        assert plain(each.belief).endswith(".")
        assert ". " not in each.belief
        assert len(each.belief) <= 120


def test_no_two_have_the_same_name_or_the_same_sentence() -> None:
    assert len({each.name for each in MISCONCEPTIONS.values()}) == len(MISCONCEPTIONS) == 20
    assert len({each.belief for each in MISCONCEPTIONS.values()}) == len(MISCONCEPTIONS)


WRONG = [
    option
    for lesson in catalogue_of((CONTENT,)).read().lessons.values()
    for question in lesson.content.questions
    for option in question.options
    if not option.right
]


def test_three_of_five_wrong_options_in_the_lessons_of_the_site_name_one() -> None:
    assert sum(option.misconception is not None for option in WRONG) >= 0.6 * len(WRONG)


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_each_leads_to_a_wrong_option_in_a_lesson_of_the_site(name: str) -> None:
    assert name in [option.misconception for option in WRONG]
