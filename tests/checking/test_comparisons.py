"""Comparisons of real runs: the sentence about two of them is what their events say."""

from __future__ import annotations

import pytest

from tests.checking.conftest import RunsOf
from tests.checking.recomputed import first_difference
from tutor.checking.case_runs import CaseRun, Runs
from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.format.cases import DEFAULT
from tutor.styles.drawing.comparison_words import sentence
from tutor.trace.comparison import Comparison, compare

LESSONS = catalogue_of((CONTENT,)).read().lessons
BY_HAND = {
    ("it-ran-twice", "patient"): "Only in X: “The task starts again” (report, delivery 2). In Y this doesn’t happen.",
    (
        "it-ran-twice",
        "single",
    ): "Step by step, X and Y tell the same. In the end they differ. Executions at the same time: 2 in X, 1 in Y.",
    (
        "when-a-task-raises",
        "paid",
    ): "In X: “The task fails” (payment). In Y: “The task completes”. Task status: Failed in X, Success in Y;"
    " Result stored: declined: 250 in X, 'paid: 80' in Y.",
    (
        "task-results-and-status",
        "killed",
    ): "Only in X: “The task completes” (copysign). In Y instead: “The worker dies” (copysign).",
    ("chains", "once"): "Only in X: “charge starts again” (charge, delivery 2). In Y this doesn’t happen.",
    (
        "too-early",
        "late",
    ): "In X: “The program asks at once” (report). In Y: “The program asks for the result”. Task status: Pending in X,"
    " Success in Y; Result stored: None in X, 'Report for 2024' in Y.",
    (
        "it-cant-see-my-row",
        "committed",
    ): "Only in X: “The task does not find the order” (mail). In Y this doesn’t happen.",
    (
        "what-may-travel",
        "key",
    ): "“The task completes” (bill): Result stored: 10 in X, 12 in Y.",
}
"""(lesson, case) → what is said of the lesson's own run, X, and of the case, Y."""


@pytest.fixture(scope="module")
def runs(runs_of: RunsOf) -> Runs:
    """A run of each case of the lessons whose comparisons are written out here."""
    return runs_of([LESSONS[slug] for slug in dict.fromkeys(slug for slug, _ in BY_HAND)])


def told(first: CaseRun, second: CaseRun) -> str:
    return sentence(compare(first.trace, second.trace), "X", "Y")


def place_of(comparison: Comparison) -> tuple[str, int] | None:
    """Return the run and the number of the step of the first difference."""
    pair = comparison.first
    if pair is None:
        return None
    return ("X", pair.first.number) if pair.first else ("Y", pair.step.number)


@pytest.mark.parametrize(("slug", "case"), BY_HAND)
def test_the_first_difference_is_told_as_it_is_written_out_here(slug: str, case: str, runs: Runs) -> None:
    assert told(runs[slug, DEFAULT], runs[slug, case]) == BY_HAND[slug, case]


def test_the_first_difference_of_every_case_is_where_its_events_say(runs: Runs) -> None:
    for (slug, case), run in runs.items():
        own = runs[slug, DEFAULT]
        assert place_of(compare(own.trace, run.trace)) == first_difference(own, run), f"{slug} {case}"


@pytest.mark.thorough
def test_two_runs_with_the_same_inputs_differ_only_where_their_events_do(runs_of: RunsOf) -> None:
    one, other = (runs_of(LESSONS.values()) for _ in range(2))
    different = []
    for key, run in one.items():
        own = one[key[0], DEFAULT]
        assert place_of(compare(own.trace, run.trace)) == first_difference(own, run), key
        found = compare(run.trace, other[key].trace)
        assert place_of(found) == first_difference(run, other[key]), key
        different += [key] if found.first else []
    assert len(one) >= 100
    assert len(different) <= len(one) // 10, f"Races decide in some lessons, not in all: {different}"
