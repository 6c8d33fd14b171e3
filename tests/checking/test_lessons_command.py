"""`manage.py lessons`, as an author uses it: exit codes, output, and the mistakes that authors make."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Finished, run_command
from tutor.checking.management.commands import lessons as command
from tutor.checking.new_lesson import SKELETON, make_lesson
from tutor.lessons import catalogue
from tutor.lessons.schema import SHIPPED, lesson_schema
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import Limits
from tutor.runs import execution
from tutor.runs.execution import lab_spec

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that TUTOR_LESSONS names."""
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path / "own"))
    return tmp_path / "own"


def lessons(*arguments: str) -> Finished:
    return run_command("lessons", *arguments)


def test_a_new_lesson_passes_its_check(own: Path) -> None:
    made = lessons("new", "my-first")
    assert made.exit == 0
    assert str(own / "my-first") in made.out
    check = lessons("check", "my-first", "--json")
    assert check.exit == 0, check.out
    checked = check.json
    assert (checked["lessons"], checked["cases"], checked["problems"]) == (1, 2, [])
    assert checked["claims"] >= 15
    assert "My first" in lessons("list").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("new", "My Lesson"), "isn't a slug"),
        (("check", "no-such-lesson"), 'unknown lesson "no-such-lesson" (known: '),
        (("preview", "no-such-lesson"), 'unknown lesson "no-such-lesson" (known: '),
    ],
)
def test_what_can_not_be_done_is_refused(own: Path, args: tuple[str, ...], message: str) -> None:
    refused = lessons(*args)
    assert refused.exit == 2
    assert message in refused.err


def test_an_existing_lesson_is_not_overwritten(own: Path) -> None:
    make_lesson("my-first", own)
    with pytest.raises(ValueError, match="already exists"):
        make_lesson("my-first", own)


FLOW = 'from = "store"\nto = "read"'
MISTAKES = {
    "a missing file": ("program.py", None, None, "my-first/program.py:1", "missing"),
    "a wrong TOML type": ("lesson.toml", "minutes = 5", 'minutes = "five"', "my-first/lesson.toml:6", "minutes"),
    "an unknown event": (
        "lesson.toml",
        'at = { event = "started" }',
        'at = { event = "begun" }',
        "my-first/lesson.toml:",
        'unknown event "begun"',
    ),
    "a flow edge to nowhere": (
        "lesson.toml",
        FLOW,
        FLOW.replace("read", "red"),
        "my-first/lesson.toml:",
        'unknown node "red"',
    ),
    "a quiz without a right answer": (
        "lesson.toml",
        ", right = true",
        "",
        "my-first/lesson.toml:",
        "0 options are right",
    ),
    "a claim that is false": ("why.md", "[Success]", "[Failed]", "my-first/why.md:2", "it was “Success”"),
    "a syntax error in the program": ("program.py", "21)", "21", "my-first/program.py:3", "Python can't read it"),
    "a knob out of its own bounds": ("lesson.toml", "default = 21", "default = 2100", "my-first/lesson.toml:", "2100"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(own: Path, mistake: str) -> None:
    file, old, new, where, message = MISTAKES[mistake]
    path = make_lesson("my-first", own) / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new or ""))
    check = lessons("check", "my-first")
    assert check.exit == 1
    if message != "it was “Success”":
        assert "the lesson can't be read" in check.out
    named = [line for line in check.out.splitlines() if line.startswith(where)]
    assert any(message in line for line in named), check.out
    assert "task-results-and-status" in lessons("list").out, "the others are still there"


def test_an_endless_program_is_named_with_the_line_where_it_was_ended(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(*inputs: Any) -> LabSpec:
        return replace(lab_spec(*inputs), limits=Limits(cpu_s=1.0))

    monkeypatch.setattr(execution, "lab_spec", impatient)
    program = make_lesson("my-first", own) / "program.py"
    program.write_text(program.read_text() + "while answer:\n    pass\n")
    check = lessons("check", "my-first")
    assert check.exit == 1
    [line] = [line for line in check.out.splitlines() if "“default” doesn't come to an end" in line]
    assert line.startswith(("my-first/program.py:6", "my-first/program.py:7"))
    assert "limit" in line


def test_a_gate_that_is_never_opened_is_named_with_what_it_waited_for(own: Path) -> None:
    lesson = make_lesson("my-first", own) / "lesson.toml"
    gate = """[[gates]]
name = "later"
at = { event = "line", line = "answer = result(task, wait=2000)" }
until = { event = "stored", where = { name = "dubole" } }
bound_s = 0.3
says = "It waits."
"""
    lesson.write_text(f"{lesson.read_text()}\n{gate}")
    check = lessons("check", "my-first")
    assert (
        "my-first/program.py:5: the case “default” doesn't come to an end: The gate “later” was not opened within 0.3"
        " s. It waited for “stored” number 1 with name = 'dubole'." in check.out
    )
    assert "gates that no process comes to" not in check.out


def test_each_case_is_run_as_often_as_asked(own: Path) -> None:
    make_lesson("my-first", own)
    check = lessons("check", "my-first", "--times", "2")
    assert check.exit == 0, check.out
    assert "1 lessons, 2 cases, 4 runs, " in check.out


def test_what_a_cold_cluster_leaves_otherwise_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "compare", lambda runs: [(run, ["waiting: 1 in the lab, 0"]) for run in runs])
    make_lesson("my-first", own)
    check = lessons("check", "my-first", "--cold")
    assert check.exit == 1
    assert "my-first/program.py:1: the lab doesn't leave what qcluster leaves: waiting: 1 in the lab" in check.out


def test_the_kinds_of_events_are_printed_with_examples_from_runs(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lesson("my-first", own)
    known = {"my-first": catalogue.get("my-first")}
    monkeypatch.setattr(catalogue, "lessons", lambda: known)
    page = lessons("events").out
    assert page.startswith("# Events\n") and "\nIn my-first/default:\n" in page


def test_a_slug_that_is_taken_is_a_mistake(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lesson("my-first", own)
    make_lesson("my-first", tmp_path / "other")
    monkeypatch.setenv("TUTOR_LESSONS", f"{own}{os.pathsep}{tmp_path / 'other'}")
    check = lessons("check", "my-first")
    assert check.exit == 1
    assert "my-first/lesson.toml:1" in check.out
    assert 'another lesson has the slug "my-first"' in check.out


def test_the_shipped_schema_is_that_of_the_code() -> None:
    assert json.loads(SHIPPED.read_text()) == lesson_schema()


def test_every_lesson_names_the_schema_in_its_first_line() -> None:
    for path in [*(ROOT / "tutor/lessons/content").glob("*/lesson.toml"), SKELETON / "lesson.toml"]:
        assert path.read_text().startswith("#:schema "), path
