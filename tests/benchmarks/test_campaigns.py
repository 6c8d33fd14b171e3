from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tutor.benchmarks import campaigns
from tutor.benchmarks.campaigns import CAMPAIGNS, Campaign
from tutor.benchmarks.labs import default_spec


def carried_out(*arguments: str) -> tuple[int, str]:
    """(exit code, what was printed) of the command."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("campaign", *arguments, stdout=out, stderr=StringIO())
    return int(ended.value.code or 0), out.getvalue()


@pytest.mark.parametrize("name", list(CAMPAIGNS))
def test_a_campaign_counts_its_runs(name: str) -> None:
    code, printed = carried_out(name, "--runs", "2")
    assert printed.startswith(f"{name}: 2 of 2: ")
    assert code == 0


def test_gates_have_their_times_printed() -> None:
    assert "2 gates, " in carried_out("later", "--runs", "2")[1]


def test_a_run_that_deviates_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Campaign("it is as it should be", default_spec, lambda spec, seen: "it is not")
    monkeypatch.setitem(campaigns.CAMPAIGNS, "later", wrong)
    code, printed = carried_out("later", "--runs", "2")
    assert "later: 0 of 2: it is as it should be" in printed
    assert "2 ×: it is not" in printed
    assert code == 1


@pytest.mark.parametrize("name", list(CAMPAIGNS))
def test_a_run_that_was_not_even_seen_deviates(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no lab today")

    monkeypatch.setattr(campaigns, "run", refuse)
    (outcome,) = campaigns.carry_out(name, 1)
    assert outcome.deviation == "OSError: no lab today"
