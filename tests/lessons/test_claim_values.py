"""Claimed values are texts, numbers in digits or words, or parts of what a run shows."""

from __future__ import annotations

import pytest

from tutor.lessons.claim_values import agrees, check_value, number_of
from tutor.lessons.claims import subject_of


@pytest.mark.parametrize(("target", "value"), [("executions", "many"), ("status@a", "Done"), ("order@a,b", "then")])
def test_a_value_that_no_run_can_have_is_refused(target: str, value: str) -> None:
    with pytest.raises(ValueError, match="title"):
        check_value(subject_of(target), value)


@pytest.mark.parametrize(("text", "number"), [("three", 3), ("Twice", 2), ("never", 0), ("12", 12), ("many", None)])
def test_numbers_may_be_words(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_values_are_compared_as_their_kind_says() -> None:
    assert agrees(subject_of("executions"), "twice", "2")
    assert agrees(subject_of("result@stored"), "\N{MINUS SIGN}1.0", "-1.0")
    assert agrees(subject_of("error@failed"), "ValueError", "ValueError: math domain error")
    assert not agrees(subject_of("result@stored"), "1.0", "-1.0")
