"""With several runs of each case, a claim that holds only sometimes is named, with how often it was false."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checking.conftest import Checked
from tutor.checking.case_runs import CaseRunner
from tutor.checking.findings import findings
from tutor.checking.repeats import findings_in, together
from tutor.checking.unseen import unseen

SOMETIMES = ("[Success](status@stored)", "[Failed](status@stored)")


@pytest.mark.django_db(transaction=True)
def test_each_repeat_has_runs_of_its_own(checked: Checked, runner: CaseRunner) -> None:
    repeats = runner.repeated([checked.lesson], 3, refresh=False, labs=4)
    assert [set(runs) for runs in repeats] == [set(checked.runs)] * 3
    firsts = {runs["my-first", "default"].events[0].run_id for runs in repeats}
    assert len(firsts) == 3
    assert list(findings_in(checked.lesson, repeats)) == []


def test_a_claim_that_is_false_in_some_runs_is_named_once_with_how_often(checked: Checked) -> None:
    killed, default = checked.runs["my-first", "killed"], checked.runs["my-first", "default"]
    other = {**checked.runs, ("my-first", "default"): replace(killed, case=default.case)}
    sometimes = list(findings_in(checked.lesson, [checked.runs, other, checked.runs]))
    assert sometimes
    assert all(each.observed.startswith("false in 1 of 3 runs: ") for each in sometimes)
    assert len({(each.line, each.statement) for each in sometimes}) == len(sometimes)


def test_a_claim_that_is_false_in_every_run_is_named_as_before(checked: Checked) -> None:
    lesson = checked.with_text(*SOMETIMES, "why.md")
    assert list(findings_in(lesson, [checked.runs] * 2)) == list(findings(lesson, checked.runs))


def test_a_part_that_one_of_the_repeats_shows_is_seen(checked: Checked) -> None:
    default = {("my-first", case): checked.runs["my-first", "default"] for _, case in checked.runs}
    assert any("rules that no case fires" in each for each in unseen(checked.lesson, default))
    assert list(unseen(checked.lesson, together([default, checked.runs]))) == list(unseen(checked.lesson, checked.runs))
