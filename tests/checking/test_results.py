from __future__ import annotations

from tests.checking.conftest import Checked
from tutor.checking.findings import Finding
from tutor.checking.mutation import Mutant
from tutor.checking.results import CheckResult, MutationResult


def test_a_check_passes_without_findings(checked: Checked) -> None:
    result = CheckResult([checked.lesson], checked.runs, [])
    assert result.passed
    assert list(result.lines()) == [f"1 lessons, 2 cases, {len(checked.lesson.claims)} claims, 0 problems."]


def test_a_check_with_a_finding_fails_and_names_it(checked: Checked) -> None:
    result = CheckResult(
        [checked.lesson], checked.runs, [Finding("my-first/why.md", 2, "“3” (executions)", "it was 1")]
    )
    assert not result.passed
    assert next(result.lines()) == "my-first/why.md:2: “3” (executions): it was 1"
    assert result.to_json()["problems"] == [
        {"file": "my-first/why.md", "line": 2, "says": "“3” (executions)", "happened": "it was 1"}
    ]


def test_a_mutation_fails_where_a_mutant_is_not_caught_or_a_claim_can_not_be_false(checked: Checked) -> None:
    claim = checked.lesson.claims[0]
    caught, missed = (Mutant("my-first", claim, "1", caught=each) for each in (True, False))
    assert MutationResult([caught], []).passed
    assert not MutationResult([caught, missed], []).passed
    result = MutationResult([caught, missed], ["a claim"])
    assert result.missed == [str(missed), "a claim"]
    assert list(result.lines())[-1] == "2 mutants, 1 caught, 2 missed."
