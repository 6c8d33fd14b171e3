"""Real processes with a lease of a second: what the leases promise holds if the store is locked, or a process stops."""

from __future__ import annotations

import re

import pytest

from tests.commands import run_command
from tutor.benchmarks import leases
from tutor.benchmarks.leases import SCENARIOS

LONGER_THAN_A_LEASE = ("--lease", "1", "--seconds", "2.5")
KILLED = "killed"
OTHERS = [each for each in SCENARIOS if each != KILLED]


@pytest.mark.thorough
@pytest.mark.parametrize("name", [KILLED, *OTHERS])
def test_every_run_ends_as_promised(name: str) -> None:
    command = run_command("leases", name, *LONGER_THAN_A_LEASE)
    head, *results = command.out.splitlines()
    assert head == f"{name}: {SCENARIOS[name][0]}"
    assert len(results) == (2 if name == "locked" else 1)
    outcome = {"locked": "failed", "stopped": "(failed|stopped)"}.get(name, "lost")
    for each in results:
        assert re.match(rf"  \d+ events, {outcome} \(.*\), stored \d+\.\d s afterwards$", each), each
    assert command.exit == 0


@pytest.mark.thorough
def test_a_run_that_deviates_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "reaped", lambda events: "it is not as promised")
    command = run_command("leases", "killed", *LONGER_THAN_A_LEASE)
    assert "DEVIATES: it is not as promised" in command.out
    assert command.exit == 1
