"""Comparisons of real runs with the same inputs: they differ only where a race decides, and there truly."""

from __future__ import annotations

import pytest

from tests.checking.conftest import RunsOf
from tests.checking.recomputed import first_differences, place_of
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.trace.comparison import compare

LESSONS = catalogue_of((CONTENT,)).read().lessons


@pytest.mark.thorough
def test_two_runs_with_the_same_inputs_differ_only_where_their_events_do(runs_of: RunsOf) -> None:
    one, other = (runs_of(LESSONS.values()) for _ in range(2))
    different = []
    for key, run in one.items():
        found = compare(run.trace, other[key].trace)
        assert place_of(found) in first_differences(run, other[key]), key
        different += [key] if found.first else []
    assert len(one) >= 100
    assert len(different) <= len(one) // 10, f"Races decide in some lessons, not in all: {different}"
