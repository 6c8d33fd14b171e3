"""Runs of cases are kept until something that they depend on changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.checking.conftest import Checked
from tutor.checking import case_runs
from tutor.checking.case_runs import CaseRunner
from tutor.protocol.lab_spec import LabSpec


def test_kept_runs_are_used_and_not_made_again(
    checked: Checked, runner: CaseRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "execute", None)
    again = runner.runs([checked.lesson], refresh=False)
    assert {key: run.trace for key, run in again.items()} == {key: run.trace for key, run in checked.runs.items()}


def test_a_run_depends_on_its_lab_and_on_the_code_of_labs(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = LabSpec("print(1)")
    key = case_runs.key_of(spec)
    assert case_runs.key_of(LabSpec("print(1)")) == key
    assert case_runs.key_of(replace(spec, program="print(2)")) != key
    assert case_runs.key_of(replace(spec, deliveries=2)) != key
    monkeypatch.setattr(case_runs, "hash_of_code", lambda: "other code")
    assert case_runs.key_of(spec) != key


def test_the_code_of_labs_is_that_of_the_protocol_and_of_both_sides_of_a_lab() -> None:
    files = {path.parent.name for path in case_runs.code_of_labs()}
    assert files >= {"protocol", "inside", "observe", "host", "runs"}
    assert not files & {"plain", "project", "checking"}


def test_kept_runs_that_no_case_uses_are_deleted(checked: Checked, runner: CaseRunner, tmp_path: Path) -> None:
    own = CaseRunner(runner.host, tmp_path)
    used = {own.path(checked.lesson, case) for case in case_runs.cases_of(checked.lesson)}
    for path in {*used, tmp_path / "unused.json"}:
        path.write_text("[]")
    own.prune([checked.lesson])
    assert set(tmp_path.iterdir()) == used
