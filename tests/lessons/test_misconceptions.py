"""Misconceptions: each has a name and one sentence that somebody who believes it would say."""

from __future__ import annotations

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
