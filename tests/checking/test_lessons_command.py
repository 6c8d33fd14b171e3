"""`manage.py lessons`, as an author uses it: exit codes, what is printed, and the ten mistakes that are made."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tutor.checking.new_lesson import SKELETON, make_lesson
from tutor.lessons.schema import SHIPPED, lesson_schema

ROOT = Path(__file__).parents[2]


@dataclass
class Done:
    """What a command came to."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def lessons(own: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `manage.py lessons …` with the lessons in `own`."""
    monkeypatch.setenv("TUTOR_LESSONS", str(own))

    def run(*args: str) -> Done:
        out, err, code = StringIO(), StringIO(), 0
        try:
            call_command("lessons", *args, stdout=out, stderr=err)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Done(code, out.getvalue(), err.getvalue())

    return run


def test_a_new_lesson_passes_its_check(lessons: Command, own: Path) -> None:
    made = lessons("new", "my-first")
    assert made.code == 0
    assert str(own / "my-first") in made.out
    check = lessons("check", "my-first", "--json")
    assert check.code == 0, check.out
    said = json.loads(check.out)
    assert (said["lessons"], said["cases"], said["problems"]) == (1, 2, [])
    assert said["claims"] >= 15
    assert "My first" in lessons("list").out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("new", "My Lesson"), "is no slug"),
        (("check", "no-such-lesson"), "There is no lesson “no-such-lesson”"),
        (("preview", "no-such-lesson"), "There is no lesson “no-such-lesson”"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_line(lessons: Command, args: tuple[str, ...], says: str) -> None:
    done = lessons(*args)
    assert done.code == 2
    assert says in done.err


def test_a_lesson_that_is_there_is_not_written_over(own: Path) -> None:
    make_lesson("my-first", own)
    with pytest.raises(ValueError, match="is there already"):
        make_lesson("my-first", own)


FLOW = 'from = "store"\nto = "read"'
MISTAKES = {
    "a missing file": ("program.py", None, None, "my-first/program.py:1", "missing"),
    "a wrong TOML type": ("lesson.toml", "minutes = 5", 'minutes = "five"', "my-first/lesson.toml:6", "minutes"),
    "an unknown event": (
        "lesson.toml",
        'event = "started" }',
        'event = "begun" }',
        "my-first/lesson.toml:",
        "no event",
    ),
    "a flow edge to nowhere": ("lesson.toml", FLOW, FLOW.replace("read", "red"), "my-first/lesson.toml:", "no node"),
    "a quiz without a right answer": ("lesson.toml", ", right = true", "", "my-first/lesson.toml:", "no right answer"),
    "a claim that is false": ("why.md", "[Success]", "[Failed]", "my-first/why.md:2", "it was “Success”"),
    "a syntax error in the program": ("program.py", "21)", "21", "my-first/program.py:3", "Python can't read it"),
    "a knob out of its own bounds": ("lesson.toml", "default = 21", "default = 2100", "my-first/lesson.toml:", "2100"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(lessons: Command, own: Path, mistake: str) -> None:
    file, old, new, where, says = MISTAKES[mistake]
    path = make_lesson("my-first", own) / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new or ""))
    check = lessons("check", "my-first")
    assert check.code == 1
    named = [line for line in check.out.splitlines() if line.startswith(where)]
    assert any(says in line for line in named), check.out
    assert "task-results-and-status" in lessons("list").out, "the others are still there"


def test_an_endless_program_is_named_with_the_line_it_stands_at(lessons: Command, own: Path) -> None:
    program = make_lesson("my-first", own) / "program.py"
    program.write_text(program.read_text() + "while answer:\n    pass\n")
    check = lessons("check", "my-first")
    assert check.code == 1
    [line] = [line for line in check.out.splitlines() if "“default” comes to an end" in line]
    assert line.startswith(("my-first/program.py:6", "my-first/program.py:7"))
    assert "limit" in line


def test_a_slug_that_is_taken_is_named(lessons: Command, own: Path) -> None:
    make_lesson("task-results-and-status", own)
    check = lessons("check", "task-results-and-status")
    assert check.code == 1
    assert "task-results-and-status/lesson.toml:1" in check.out
    assert "another lesson is called" in check.out


def test_the_shipped_schema_is_that_of_the_code(lessons: Command) -> None:
    assert json.loads(SHIPPED.read_text()) == lesson_schema()


def test_every_lesson_names_the_schema_in_its_first_line() -> None:
    for path in [*(ROOT / "tutor/lessons/content").glob("*/lesson.toml"), SKELETON / "lesson.toml"]:
        assert path.read_text().startswith("#:schema "), path
