from __future__ import annotations

from tests.checking.conftest import Checked
from tutor.checking.alterations import Alteration
from tutor.checking.findings import Finding
from tutor.checking.mutation import Mutant
from tutor.checking.results import CheckResult, MutationResult


def test_a_check_passes_without_findings(checked: Checked) -> None:
    result = CheckResult([checked.lesson], checked.runs, [], ["my-first: rules that no case fires: left"])
    assert result.passed
    claims, cells, paths = len(checked.lesson.claims), result.cells, result.paths
    assert list(result.lines()) == [
        "my-first: rules that no case fires: left",
        f"1 lessons, 2 cases, 2 runs, {claims} claims, {cells} cells, {paths} paths, 0 problems.",
    ]
    assert sum(result.claims_by_kind.values()) == claims


def test_a_check_with_a_finding_fails_and_names_it(checked: Checked) -> None:
    result = CheckResult(
        [checked.lesson], checked.runs, [Finding("my-first/why.md", 2, "“3” (executions)", "it was 1")], []
    )
    assert not result.passed
    assert next(result.lines()) == "my-first/why.md:2: “3” (executions): it was 1"
    assert result.to_json()["problems"] == [
        {"file": "my-first/why.md", "line": 2, "says": "“3” (executions)", "happened": "it was 1"}
    ]


def test_a_mutation_fails_where_a_mutant_is_not_caught_or_a_claim_can_not_be_false(checked: Checked) -> None:
    claim = checked.lesson.claims[0]
    caught, missed = (Mutant("my-first", claim, "1", caught=each) for each in (True, False))
    noticed, unnoticed = (Alteration("step 1", "status “Failed”", caught=each) for each in (True, False))
    assert MutationResult([caught], [], [noticed], [noticed]).passed
    assert not MutationResult([caught, missed], [], [], []).passed
    result = MutationResult([caught, missed], ["a claim"], [noticed, unnoticed], [])
    assert result.missed == [str(missed), "step 1: status “Failed”", "a claim"]
    assert list(result.lines())[-4:] == [
        "2 mutants of claims, 1 caught.",
        "2 altered cells, 1 caught.",
        "0 altered paths, 0 caught.",
        "3 missed.",
    ]
