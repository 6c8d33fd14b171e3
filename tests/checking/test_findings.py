"""Every claim of a lesson is held against real runs of its cases; one that is not so is named with what happened."""

from __future__ import annotations

import pytest

from tests.checking.conftest import Checked
from tutor.checking.findings import findings


def test_a_new_lesson_says_nothing_that_its_runs_do_not_bear_out(checked: Checked) -> None:
    assert list(findings(checked.lesson, checked.runs)) == []


@pytest.mark.parametrize(
    ("old", "new", "file", "happened"),
    [
        ("[Success](status@stored)", "[Failed](status@stored)", "why.md", "it was “Success”"),
        ("[monitor](role@stored), which", "[worker](role@stored), which", "inside.md", "it was “monitor”"),
        ('stored "other")', 'stored "same")', "inside.md", "it was “other”"),
        ("[None](result@queued)", "[42](result@queued)", "lesson.toml", "it was “None”"),
        ("[once](times@stored)", "[twice](times@stored)", "lesson.toml", "it was “1”"),
        ("[once](times@stored)", "[never](executions:double)", "lesson.toml", "it was “1”"),
        ("[once](times@stored)", "[no ValueError](!printed)", "lesson.toml", ""),
        ("[once](times@stored)", "[ValueError](error)", "lesson.toml", "it was “”"),
        ("[once](times@stored)", "[first](step@stored#2)", "lesson.toml", "nothing of the kind; its steps: queued,"),
        ("[once](times@stored)", "[over](order@used,queued 'before')", "lesson.toml", "it was “after”"),
        ("executions = 1", "executions = 3", "lesson.toml", "it was “1”"),
        ("OrmQ = 0, Task = 1", "OrmQ = 0, Task = 2", "lesson.toml", "it was “1”"),
    ],
)
def test_a_claim_that_is_not_so_is_named_with_its_line(
    checked: Checked, old: str, new: str, file: str, happened: str
) -> None:
    lesson = checked.said_instead(old, new, file)
    found = list(findings(lesson, checked.runs))
    assert [(each.file, each.line) for each in found] == (
        [(f"my-first/{file}", checked.line(old, file))] * bool(happened)
    )
    assert all(happened in each.happened for each in found)


def test_what_a_step_says_has_to_hold_in_every_run_that_makes_it(checked: Checked) -> None:
    note = 'note = "The program\'s answer is {event.locals.answer}."'
    lesson = checked.said_instead(note, 'note = "After [one](executions) execution."')
    [finding] = findings(lesson, checked.runs)
    assert "in my-first/killed it was “2”" in finding.happened


def test_a_step_that_no_case_makes_can_say_nothing(checked: Checked) -> None:
    lesson = checked.said_instead('use = "died"\n', 'use = "died"\nnote = "It is [Failed](status@died)."\n')
    assert [each.happened for each in findings(lesson, checked.runs)] == ["no case makes the step that says this"]


@pytest.mark.parametrize("words", ["It took 3 tries.", "It ran twice.", "Two rows stay.", "It is Pending."])
def test_a_number_or_status_word_without_a_claim_is_reported(checked: Checked, words: str) -> None:
    lesson = checked.said_instead("The caller asked", f"{words} The caller asked", "why.md")
    [finding] = findings(lesson, checked.runs)
    assert (finding.file, finding.line) == ("my-first/why.md", 1)
    assert "without a claim" in finding.happened


@pytest.mark.parametrize("words", ["It took [3](plain) tries.", "Set `retry = 3`.", "See [2](https://example.org)."])
def test_what_is_marked_as_plain_or_is_code_is_not(checked: Checked, words: str) -> None:
    lesson = checked.said_instead("The caller asked", f"{words} The caller asked", "why.md")
    assert list(findings(lesson, checked.runs)) == []
