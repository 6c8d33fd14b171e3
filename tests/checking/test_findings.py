"""Every claim of a lesson is checked against real runs of its cases."""

from __future__ import annotations

import pytest

from tests.checking.conftest import Checked
from tutor.checking.findings import findings


def test_the_runs_of_a_new_lesson_bear_out_its_claims(checked: Checked) -> None:
    assert list(findings(checked.lesson, checked.runs)) == []


@pytest.mark.parametrize(
    ("old", "new", "file", "observed"),
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
        (
            '[{ event = "queued" }, { event = "started" }',
            '[{ event = "died" }, { event = "started" }',
            "lesson.toml",
            "no event “died”",
        ),
        ('told = { claim = "result@queued" }', 'told = { claim = "result@stored#3" }', "lesson.toml", "doesn't show"),
    ],
)
def test_a_false_claim_is_named_with_its_line_and_what_was_observed(
    checked: Checked, old: str, new: str, file: str, observed: str
) -> None:
    lesson = checked.with_text(old, new, file)
    found = list(findings(lesson, checked.runs))
    assert [(each.file, each.line) for each in found] == (
        [(f"my-first/{file}", checked.line(old, file))] * bool(observed)
    )
    assert all(observed in each.observed for each in found)


def test_a_rule_about_lines_that_no_process_records_is_named(checked: Checked) -> None:
    """A hook runs in the monitor, whose lines aren't recorded."""
    (checked.folder / "hooks.py").write_text("def told(task):\n    print(task.result)\n")
    rule = 'id = "told"\non = { event = "line", file = "mine/hooks.py", ran = 2 }\nshort = "Told"\naction = "Told"\n'
    try:
        lesson = checked.with_text('[[steps]]\nuse = "queued"', f'[[steps]]\n{rule}\n[[steps]]\nuse = "queued"')
    finally:
        (checked.folder / "hooks.py").unlink()
    [found] = findings(lesson, checked.runs)
    assert "the step told can't match a line of mine/hooks.py" in str(found)


def test_the_claim_of_a_step_must_hold_in_every_run_that_makes_the_step(checked: Checked) -> None:
    note = 'note = "The program\'s answer is {event.locals.answer}."'
    lesson = checked.with_text(note, 'note = "After [one](executions) execution."')
    [finding] = findings(lesson, checked.runs)
    assert "in my-first/killed it was “2”" in finding.observed


def test_a_step_that_no_case_makes_can_claim_nothing(checked: Checked) -> None:
    lesson = checked.with_text('use = "died"\n', 'use = "died"\nnote = "It is [Failed](status@died)."\n')
    assert [each.observed for each in findings(lesson, checked.runs)] == ["no case makes the step that says this"]


@pytest.mark.parametrize("words", ["It took 3 tries.", "It ran twice.", "Two rows stay.", "It is Pending."])
def test_a_number_or_status_word_without_a_claim_is_reported(checked: Checked, words: str) -> None:
    lesson = checked.with_text("The caller asked", f"{words} The caller asked", "why.md")
    [finding] = findings(lesson, checked.runs)
    assert (finding.file, finding.line) == ("my-first/why.md", 1)
    assert "has no claim" in finding.observed


@pytest.mark.parametrize("words", ["It took [3](plain) tries.", "Set `retry = 3`.", "See [2](https://example.org)."])
def test_a_number_marked_as_plain_or_in_code_is_not_reported(checked: Checked, words: str) -> None:
    lesson = checked.with_text("The caller asked", f"{words} The caller asked", "why.md")
    assert list(findings(lesson, checked.runs)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('task = "double"', 'task = "duoble"'),
        ('token = "about"', 'token = "about"\nabout = "duoble"'),
        ("[once](times@stored)", "[never](executions:duoble '0')"),
        ("[once](times@stored)", "[x](!overlap:duoble,double 'overlap')"),
        ("[once](times@stored)", "[x](!token:duoble/1 'queue')"),
    ],
)
def test_a_name_that_no_task_has_is_named_with_its_line(checked: Checked, old: str, new: str) -> None:
    found = [str(each) for each in findings(checked.with_text(old, new), checked.runs)]
    line = checked.line(old) + new.count("\n")
    [message] = [each for each in found if "unknown task" in each]
    assert message.startswith(f"my-first/lesson.toml:{line}: ")
    assert 'unknown task "duoble" (known: ' in message


def test_a_program_that_raises_although_it_should_finish_is_named_with_its_error(checked: Checked) -> None:
    run = checked.runs["my-first", "default"]
    ended = next(event for event in run.events if event.kind == "program_ended")
    before = ended.payload
    ended.payload = {**before, "error": "ImportError: no such name"}
    try:
        found = next(findings(checked.lesson, checked.runs))
    finally:
        ended.payload = before
    assert str(found) == (
        "my-first/program.py:5: the program of the case “default” ended in an exception: ImportError: no such name"
    )


def test_the_fields_of_a_row_are_named_where_a_claim_looks_for_another(checked: Checked) -> None:
    lesson = checked.with_text("[once](times@stored)", "[21](row:Task.reslt)")
    [found] = findings(lesson, checked.runs)
    assert found.observed.startswith("my-first/default has no such field; those of the row: id, ")
