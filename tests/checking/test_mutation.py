"""A check that notices nothing proves nothing: it must catch every mutant of a claim."""

from __future__ import annotations

from tests.checking.conftest import Checked
from tutor.checking.mutation import mutants, unfalsifiable


def test_every_mutant_of_a_new_lesson_is_caught(checked: Checked) -> None:
    made = list(mutants([checked.lesson], checked.runs))
    made_by_a_case = {step.id for run in checked.runs.values() for step in run.trace.steps}
    claims = [
        each for each in checked.lesson.claims if each.origin != "row" or each.subject.rules[0][0] in made_by_a_case
    ]
    assert {each.claim.line for each in made} == {claim.line for claim in claims}
    assert [str(each) for each in made if not each.caught] == []


def test_a_claim_that_holds_in_every_run_is_unfalsifiable(checked: Checked) -> None:
    messages = "\n".join(unfalsifiable([checked.lesson], checked.runs))
    assert "times@stored: no run makes “once” false; add a case in which it is, perhaps with" in messages
    assert "status@queued" not in messages
    assert "executions:" not in messages, "the killed worker's task is executed again"
    expected = [each for each in unfalsifiable([checked.lesson], checked.runs) if ": no run makes “1” false" in each]
    assert all(each.endswith(", or leave it out") for each in expected)
    assert expected
