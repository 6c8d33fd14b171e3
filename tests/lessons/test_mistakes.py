"""Every typical mistake of an author is named with its file and line."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder
from tutor.lessons.reading.checks import LARGEST


def test_a_lesson_without_mistakes_loads(folder: Folder) -> None:
    assert folder.mistakes() == []


def test_a_missing_program_is_named(folder: Folder) -> None:
    (folder.path / "program.py").unlink()
    assert "program.py:1: the file is missing" in folder.mistakes()


def test_a_missing_lesson_file_is_named(folder: Folder) -> None:
    (folder.path / "lesson.toml").unlink()
    assert "lesson.toml:1: the file is missing" in folder.mistakes()


def test_an_empty_lesson_file_is_named(folder: Folder) -> None:
    (folder.path / "lesson.toml").write_text("# nothing yet\n")
    assert "lesson.toml:1: the file is empty" in folder.mistakes()


@pytest.mark.parametrize("name", ["lesson.toml", "settings.toml", "program.py", "tasks.py", "why.md", "inside.md"])
def test_a_file_that_is_not_text_is_named(folder: Folder, name: str) -> None:
    (folder.path / name).write_bytes(b"\xff\xfe")
    assert any(each.startswith(f"{name}:1: the file can't be read") for each in folder.mistakes())


@pytest.mark.parametrize("name", ["settings.toml", "why.md", "inside.md"])
def test_a_file_that_may_be_left_out_is_not_missed(folder: Folder, name: str) -> None:
    (folder.path / name).unlink(missing_ok=True)
    assert folder.mistakes() == []


def test_a_syntax_error_in_the_program_is_named_with_its_line(folder: Folder) -> None:
    line = folder.change("print(total)", "print(total", file="program.py")
    [mistake] = [each for each in folder.mistakes() if each.startswith("program.py")]
    assert mistake.startswith(f"program.py:{line}: Python can't read it")


def test_a_syntax_error_in_the_tasks_is_named_with_its_line(folder: Folder) -> None:
    line = folder.change("return to", "return (to", file="tasks.py")
    assert folder.mistakes()[0].startswith(f"tasks.py:{line}: Python can't read it")


def test_tasks_without_a_package_are_named(folder: Folder) -> None:
    folder.change('app = "counting"\n', "")
    assert any(each.startswith("tasks.py:1: its package has no name") for each in folder.mistakes())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes = 1", "minutes = ", "Invalid value"),
        ("default = 6", "default = six", "Invalid value"),
        ('id = "count"', 'id = "count', "Illegal character"),
    ],
)
def test_a_syntax_error_in_the_lesson_file_is_named_with_its_line(
    folder: Folder, old: str, new: str, says: str
) -> None:
    line = folder.change(old, new)
    [mistake] = folder.mistakes()
    assert mistake.startswith(f"lesson.toml:{line}: {says}")


def test_a_syntax_error_in_the_settings_is_named_with_its_line(folder: Folder) -> None:
    line = folder.change("retry = 8", "retry 8", file="settings.toml")
    assert [each.partition(": ")[0] for each in folder.mistakes()] == [f"settings.toml:{line}"]


MISTAKES = {
    "a wrong type": ("minutes = 1", 'minutes = "1"', "“minutes”: input should be a valid integer"),
    "an unknown key": ('help = "Half a second each."', 'hlep = "Half"', "“hlep” is no key that this table takes"),
    "an unknown type of knob": ('type = "integer"', 'type = "whole"', "“type”: input should be 'number', 'integer'"),
    "an unknown event": ('on = { event = "started" }', 'on = { event = "begun" }', "there is no event “begun”"),
    "a lane that an event never has": (
        'on = { event = "started" }',
        'on = { event = "started", lane = "monitor" }',
        "“started” comes from worker, caller, never from “monitor”",
    ),
    "an unknown field of an event": (
        "where = { success = false }",
        "where = { succes = false }",
        "“stored” has no field “succes”",
    ),
    "a value of another type than its field": (
        "where = { waiting = 0 }",
        'where = { waiting = "0" }',
        "the field “waiting” of “idle” is a number",
    ),
    "an edge from nowhere": ('from = "queue"', 'from = "cue"', "there is no node “cue”; there are count, queue, store"),
    "an edge to nowhere": ('to = "store"', 'to = "shop"', "there is no node “shop”"),
    "two nodes in one place": ("at = [1, 0]", "at = [0, 0]", "the node “queue” stands there already"),
    "two nodes of one name": ('id = "store"\nlabel', 'id = "count"\nlabel', "“count” is there twice"),
    "a step at no node": ('node = "count"', 'node = "counter"', "there is no node “counter”"),
    "two steps of one name": ('id = "idle"', 'id = "used"', "“used” is there twice"),
    "a key moment at no step": ('step = "counted"', 'step = "count"', "there is no step “count”"),
    "a quiz without a right answer": (
        'options = [\n    { text = "1" },\n    { text = "2", right = true },',
        'options = [\n    { text = "1" },\n    { text = "2" },',
        "no right answer: mark one option as right",
    ),
    "a quiz whose key comes from no step": ('"step@started"', '"step@begun"', "there is no step “begun”"),
    "a quiz about nothing that is seen": ('"step@started"', '"mood@started"', "“mood@started” is no claim"),
    "a quiz with an option twice": ('text = "4"', 'text = "3"', "two options are the same"),
    "a case with an unknown knob": (
        'title = "Count to six"',
        'title = "Six"\nknobs = { up = 6 }',
        "there is no knob “up”",
    ),
    "an expected count of no number": ("executions = 1", 'executions = "one"', "“executions”"),
    "a default out of its bounds": ("default = 6", "default = 9", "the default 9 isn't a whole number from 1 to 8"),
    "bounds the wrong way round": ("min = 1\n", "min = 10\n", "min is 10, more than max, which is 8"),
    "a bound that is no number": ("max = 8", 'max = "8"', "a bound is a number"),
    "choices for a number": ("max = 8", "choices = [1, 2]", "choices are for a knob of the type “choice”"),
    "a place that isn't in the program": (
        "\"'counting.tasks.count', {to})\"",
        '"tasks.count({to})"',
        "“tasks.count(6)” stands 0 times in program.py, not once",
    ),
    "a place with an unknown knob": (
        "\"'counting.tasks.count', {to})\"",
        "\"'counting.tasks.count', {too})\"",
        "there is no knob “too”; there are to",
    ),
    "an unknown knob in the summary": ('"count({to})"', '"count({x})"', "there is no knob “x”"),
    "a name in a template that an event hasn't": (
        '"The count of {event.result} is stored."',
        '"The count of {event.total} is stored."',
        "“{event.total}”: the event “stored” has no event “total”",
    ),
    "an unknown kind of name in a template": (
        '"The worker begins to count."',
        '"{worker} begins to count."',
        "“{worker}” is no name here; names begin with knob, var, event, process, pid",
    ),
    "an event's name in the closing line": (
        '"Counted up to {var.counted}."',
        '"Counted up to {event.result}."',
        "“{event.result}” is no name here; names begin with knob, var",
    ),
    "a template that isn't one": (
        '"The worker begins to count."',
        '"The worker {begins to count."',
        "A “{” stands alone",
    ),
    "an expression in a template": (
        '"The worker begins to count."',
        '"{event.task.__class__()} begins to count."',
        "is no name in braces",
    ),
    "a variable that isn't tracked": (
        "set = { counted =",
        "set = { count =",
        "there is no derived variable “count”; there are counted, task_status",
    ),
    "a tracked name that the program hasn't": (
        'name = "total"',
        'name = "sum"',
        "there is no name in the program “sum”",
    ),
    "a line that isn't in its file": (
        'event = "line", lane = "worker", file = "counting/tasks.py", ran = "print(number)" }\nshort',
        'event = "line", lane = "worker", file = "counting/tasks.py", ran = "print(to)" }\nshort',
        "the line “print(to)” stands 0 times in the file, not once",
    ),
    "a line that never runs": (
        'event = "line", lane = "worker", file = "counting/tasks.py", ran = "print(number)" }\nshort',
        'event = "line", lane = "worker", file = "counting/tasks.py", ran = 2 }\nshort',
        "line 2 never runs",
    ),
    "a file that isn't there": (
        'event = "line", lane = "worker", file = "counting/tasks.py", ran = "print(number)" }\nshort',
        'event = "line", lane = "worker", file = "tasks.py", ran = "print(number)" }\nshort',
        "there is no file “tasks.py”; there are program.py, counting/tasks.py",
    ),
}


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(folder: Folder, old: str, new: str, says: str) -> None:
    first = folder.change(old, new)
    found = [mistake for mistake in folder.mistakes() if says in mistake]
    lines = [f"lesson.toml:{line}:" for line in range(first, first + new.count("\n") + 1)]
    assert len(found) == 1, folder.mistakes()
    assert found[0].startswith(tuple(lines)), found


def test_a_missing_key_is_named_with_the_line_of_its_table(folder: Folder) -> None:
    line = folder.change('short = "Counted"\n', "")
    assert folder.mistakes() == [f"lesson.toml:{line - 2 - 1}: “short” is missing"]


def test_a_variable_that_no_step_sets_is_named(folder: Folder) -> None:
    folder.change('set = { counted = "{event.locals.number}" }', "")
    assert any("no step sets the derived variable “counted”" in each for each in folder.mistakes())


def test_a_knob_that_changes_nothing_is_named(folder: Folder) -> None:
    folder.change("places = [\"'counting.tasks.count', {to})\"]\n", "")
    assert any("the knob “to” stands nowhere" in each for each in folder.mistakes())


def test_an_unknown_knob_in_the_settings_is_named_there(folder: Folder) -> None:
    line = folder.change("retry = 8", 'retry = "{again}"', file="settings.toml")
    assert folder.mistakes() == [f"settings.toml:{line}: there is no knob “again”; there are to"]


def test_a_gate_at_no_switch_is_named(first_folder: Folder) -> None:
    line = first_folder.change('when = "wait"', 'when = "function"')
    assert first_folder.mistakes() == [f"lesson.toml:{line}: there is no switch “function”; there are wait"]


def test_a_gate_at_a_comment_is_named(first_folder: Folder) -> None:
    line = first_folder.change('line = "from django_q.models import Task"', "line = 6")
    assert first_folder.mistakes() == [f"lesson.toml:{line}: line 6 never runs: no statement begins there"]


@pytest.mark.parametrize(
    ("name", "says"), [("program.py", "a program may have"), ("tasks.py", "may have 28,672 together")]
)
def test_a_file_that_is_too_large_for_a_lab_is_named_with_the_bound(folder: Folder, name: str, says: str) -> None:
    text = (folder.path / name).read_text()
    (folder.path / name).write_text(f"{text}# {'x' * (LARGEST - len(text))}\n")
    [mistake] = folder.mistakes()
    assert mistake.startswith(f"{name}:1: ")
    assert says in mistake
    assert "28,672" in mistake


def test_settings_that_are_too_large_for_a_lab_are_named(folder: Folder) -> None:
    with (folder.path / "settings.toml").open("a") as file:
        file.write(f'label = "{"x" * LARGEST}"\n')
    [mistake] = folder.mistakes()
    assert mistake.startswith("settings.toml:1: ")


def test_all_mistakes_are_named_at_once(folder: Folder) -> None:
    folder.change('node = "count"', 'node = "counter"')
    folder.change('step = "counted"', 'step = "count"')
    folder.change("default = 6", "default = 9")
    folder.change("retry = 8", 'retry = "{again}"', file="settings.toml")
    assert {each.partition(":")[2].partition(": ")[2][:13] for each in folder.mistakes()} >= {
        "there is no n",
        "there is no s",
        "the default 9",
        "there is no k",
    }


def test_a_folder_whose_name_is_no_slug_is_named(folder: Folder) -> None:
    folder.path = folder.path.rename(folder.path.with_name("Slow Count"))
    assert folder.mistakes() == ["lesson.toml:1: the folder “Slow Count” is no slug: small letters, digits and hyphens"]
