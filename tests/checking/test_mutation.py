"""A check that notices nothing proves nothing: each claim, altered, has to fail."""

from __future__ import annotations

from tests.checking.conftest import Checked
from tutor.checking.case_runs import Keeping
from tutor.checking.mutation import mutants, unbreakable


def test_every_altered_claim_of_a_new_lesson_is_caught(checked: Checked) -> None:
    made = list(mutants([checked.lesson], checked.runs))
    assert len({(each.claim.line, str(each.claim.subject)) for each in made}) >= len(
        {c.line for c in checked.lesson.claims}
    )
    assert [str(each) for each in made if not each.caught] == []


def test_a_claim_that_holds_in_every_run_says_nothing(checked: Checked) -> None:
    said = {str(claim.subject) for _, claim in unbreakable([checked.lesson], checked.runs)}
    assert "status@queued" not in said
    assert "times@stored" in said, "each case stores once"
    assert "executions" not in said, "the killed worker's task is executed again"


def test_runs_are_kept_and_not_made_again(checked: Checked, keeping: Keeping) -> None:
    again = keeping.runs([checked.lesson], anew=False)
    assert {key: run.trace.steps for key, run in again.items()} == {
        key: run.trace.steps for key, run in checked.runs.items()
    }
