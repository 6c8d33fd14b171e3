"""Each campaign with few tries: it keeps its promise, and a try that doesn't is counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.commands import run_command
from tutor.benchmarks.campaigns import CAMPAIGNS, Campaign, Trial, promises
from tutor.benchmarks.campaigns.growth import FLOODS
from tutor.benchmarks.campaigns.promises import PROMISES

FEW = {"kill": 3, "growth": 24, "fuzz": 50, "store": 1}
"""Name → tries, two of the others."""


LONG = {"store", "hang", "flood", "fuzz", "breaks", "tellings", "growth"}
"""Those whose few tries take seconds."""
NAMES = [pytest.param(name, marks=pytest.mark.thorough) if name in LONG else name for name in CAMPAIGNS]


@pytest.mark.parametrize("name", NAMES)
def test_a_campaign_counts_the_tries_that_keep_its_promise(name: str) -> None:
    campaign = run_command("campaign", name, "--runs", str(FEW.get(name, 2)))
    tries = FEW.get(name, 2) + (FEW[name] // 50 * 25 if name == "fuzz" else 0)
    assert campaign.out.startswith(f"{name}: {tries} of {tries}: {CAMPAIGNS[name].promise}\n  0 lost, 0 left, slowest ")
    assert ("gates, " in campaign.out) == (name in ("inside", "later"))
    assert campaign.exit == 0


def test_the_list_names_each_campaign_with_its_promise_and_its_tries() -> None:
    lines = run_command("campaign", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == list(CAMPAIGNS)
    assert lines[list(CAMPAIGNS).index("kill")].split()[1] == "500"


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        (Trial("it is not"), "2 ×: it is not"),
        (Trial(lost=1), "2 lost, 0 left"),
        (Trial(left=3), "0 lost, 6 left"),
    ],
)
def test_a_try_that_deviates_loses_or_leaves_something_is_reported(
    trial: Trial, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carry_out(tries: int) -> Iterator[Trial]:
        yield from [trial] * tries

    monkeypatch.setitem(CAMPAIGNS, "later", Campaign("all is well", carry_out))
    campaign = run_command("campaign", "later", "--runs", "2")
    assert told in campaign.out
    assert campaign.exit == 1


@pytest.mark.parametrize("name", list(PROMISES))
def test_a_run_that_can_not_be_made_deviates(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no lab today")

    monkeypatch.setattr(promises, "run", refuse)
    (outcome,) = PROMISES[name].carry_out(1)
    assert outcome.deviation == "OSError: no lab today"


def test_everything_that_can_be_written_without_end_is_flooded() -> None:
    assert {"prints", "logs", "lines", "queues", "rows", "memory", "processes", "threads", "a file"} <= set(FLOODS)
