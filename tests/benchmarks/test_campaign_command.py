from __future__ import annotations

import pytest

from tests.commands import run_command
from tutor.benchmarks import campaigns
from tutor.benchmarks.campaigns import CAMPAIGNS, Campaign, carry_out, plain_run


@pytest.mark.parametrize("name", list(CAMPAIGNS))
def test_a_campaign_counts_the_runs_that_keep_its_promise(name: str) -> None:
    campaign = run_command("campaign", name, "--runs", "2")
    assert campaign.out.startswith(f"{name}: 2 of 2: {CAMPAIGNS[name].promise}")
    assert ("gates, " in campaign.out) == (name != "expired")
    assert campaign.exit == 0


def test_a_run_that_deviates_is_counted_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Campaign("all is well", plain_run, lambda spec, observations: "it is not")
    monkeypatch.setitem(CAMPAIGNS, "later", broken)
    campaign = run_command("campaign", "later", "--runs", "2")
    assert "later: 0 of 2: all is well" in campaign.out
    assert "2 ×: it is not" in campaign.out
    assert campaign.exit == 1


@pytest.mark.parametrize("name", list(CAMPAIGNS))
def test_a_run_that_can_not_be_made_deviates(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no lab today")

    monkeypatch.setattr(campaigns, "run", refuse)
    (outcome,) = carry_out(CAMPAIGNS[name], 1)
    assert outcome.deviation == "OSError: no lab today"
