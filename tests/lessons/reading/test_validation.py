"""A mistake in the form of `lesson.toml` is named with its line."""

from __future__ import annotations

import pytest

from tests.lessons.conftest import Folder

STARTED = 'on = { event = "started" }'
COUNTED = 'ran = "print(number)" }\nshort'
FILE = 'file = "counting/tasks.py", ran = "print(number)" }\nshort'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minutes = 1", 'minutes = "1"', '"minutes": input should be a valid integer'),
        ("executions = 1", 'executions = "one"', '"executions": input should be a valid integer'),
        ('type = "integer"', 'type = "whole"', "\"type\": input should be 'number', 'integer', 'choice' or 'switch'"),
        ('help = "Half a second each."', 'hlep = "Half"', 'unknown key "hlep"'),
        (STARTED, 'on = { event = "begun" }', 'unknown event "begun" (known: asked, opened, ready, '),
        (
            STARTED,
            'on = { event = "started", lane = "monitor" }',
            '"started" never comes from "monitor" (only from: worker, caller)',
        ),
        (STARTED, 'on = { event = "started", ran = 5 }', 'file, line and ran are only for the event "line"'),
        (
            "where = { success = false }",
            "where = { succes = false }",
            'unknown field "succes" of "stored" (known: task, name, ',
        ),
        ("where = { success = false }", "where = { for_cluster = 1 }", 'unknown field "for_cluster" of "stored"'),
        (
            "where = { success = false }",
            'where = { options.group = "a" }',
            'write a nested field in quotes, such as "options.group" = …',
        ),
        ("where = { waiting = 0 }", 'where = { waiting = "0" }', 'the field "waiting" of "idle" is a number'),
        (
            COUNTED,
            'ran = "print(to)" }\nshort',
            'counting/tasks.py: the line "print(to)" occurs 0 times in the file, not once',
        ),
        (COUNTED, "ran = 2 }\nshort", "counting/tasks.py: line 2 never runs: no statement begins there"),
        (COUNTED, "ran = 200 }\nshort", "counting/tasks.py: unknown line 200 (known: 1 to 8)"),
        (
            FILE,
            'file = "tasks.py", ran = "print(number)" }\nshort',
            'unknown file "tasks.py" (known: program.py, counting/tasks.py)',
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(folder: Folder, old: str, new: str, message: str) -> None:
    assert folder.message_after(old, new).startswith(message)


def test_a_missing_key_is_named_with_the_line_of_its_table(folder: Folder) -> None:
    line = folder.change('short = "Counted"\n', "")
    assert folder.mistakes() == [f'lesson.toml:{line - 2 - 1}: "short" is missing']


def test_a_gate_at_a_comment_is_named(first_folder: Folder) -> None:
    line = first_folder.change('line = "from django_q.models import Task"', "line = 6")
    assert first_folder.mistakes() == [f"lesson.toml:{line}: program.py: line 6 never runs: no statement begins there"]


@pytest.mark.parametrize(
    ("event", "action", "message"),
    [
        ("started", "explode", 'unknown action "explode" (known: kill, raise, slow, '),
        ("queued", "kill", "“kill” takes place inside the task's function"),
        ("started", "slow", "“slow” needs seconds"),
    ],
)
def test_an_intervention_that_cannot_be_done_is_named(folder: Folder, event: str, action: str, message: str) -> None:
    new = f'interventions = [{{ at = {{ event = "{event}" }}, action = "{action}" }}]'
    assert folder.message_after('outcome = "finished"', new).startswith(message)


def test_a_gate_that_compares_otherwise_than_for_equality_is_refused(first_folder: Folder) -> None:
    message = first_folder.message_after(
        'until = { event = "stored" }', 'until = { event = "stored", where = { success = { not = true } } }'
    )
    assert message == '"success" must be a value: gates and interventions only compare for equality'


def test_what_follows_from_a_mistake_is_not_named_beside_it(folder: Folder) -> None:
    assert folder.message_after('{ text = "3" }', '{ txt = "3" }') == '"text" is missing; unknown key "txt"'
    assert [each.partition(": ")[2].partition(" (")[0] for each in folder.mistakes()] == [
        '"text" is missing; unknown key "txt"'
    ]


def test_only_the_name_of_an_unknown_common_step_is_a_mistake(folder: Folder) -> None:
    folder.change("[[cases]]", '[[steps]]\nuse = "strated"\n\n[[cases]]')
    [mistake] = folder.mistakes()
    assert 'unknown common step "strated"' in mistake
