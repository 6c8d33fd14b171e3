"""What counts as a deviation after chaos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from tutor.benchmarks.chaos.verdict import of_run
from tutor.runs.models import Event

KINDS = ("asked", "queued", "picked", "started", "finished", "stored", "acknowledged")
WHOLE: Mapping[str, Counter[str]] = {"finished": Counter(KINDS[1:])}


def events(*kinds: str, outcome: str = "finished", reason: str = "") -> list[Event]:
    made = [Event(number=number, kind=kind) for number, kind in enumerate(kinds, 1)]
    return [*made, Event(number=len(made) + 1, kind="ended", payload={"outcome": outcome, "reason": reason})]


def deviations(run: list[Event], *, state: str = "ended", is_disturbed: bool = False) -> list[str]:
    return list(of_run(run, state, WHOLE, is_disturbed=is_disturbed))


def test_a_whole_run_deviates_in_nothing() -> None:
    assert deviations(events(*KINDS)) == []


@pytest.mark.parametrize("is_disturbed", [True, False])
def test_a_lost_run_is_truthful_only_if_something_was_done_to_its_host(is_disturbed: bool) -> None:
    found = deviations(events(*KINDS[:3], outcome="lost", reason="Gone."), is_disturbed=is_disturbed)
    assert found == ([] if is_disturbed else ["was lost (Gone.), though nothing was done to its host"])


def test_a_finished_run_has_the_events_of_an_undisturbed_one() -> None:
    assert "has these events" in deviations(events(*KINDS[:-1]))[0]


def test_a_gap_a_second_end_and_no_end_are_deviations() -> None:
    gap, twice = events(*KINDS), [*events(*KINDS), Event(number=9, kind="ended")]
    del gap[2]
    assert "lacks events" in deviations(gap)
    assert deviations(twice) == ["has not one end, which is its last event"]
    assert deviations(events(*KINDS), state="running") == ["is running"]


def test_a_run_may_be_stopped_by_a_newer_one_alone() -> None:
    assert deviations(events(outcome="stopped", reason="A newer run of the same browser took its place.")) == []
    assert deviations(events(outcome="stopped", reason="The site was stopped.")) == [
        "was stopped: The site was stopped."
    ]
