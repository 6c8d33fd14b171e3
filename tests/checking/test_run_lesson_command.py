from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Finished, run_command
from tests.recording import SLUG
from tutor.checking.new_lesson import make_lesson

pytestmark = pytest.mark.django_db(transaction=True)

run_first_lesson: Callable[..., Finished] = partial(run_command, "run_lesson", SLUG)


def column(finished: Finished, name: str) -> list[Any]:
    """A field of all steps."""
    return [step[name] for step in finished.json["steps"]]


def test_the_first_lesson_goes_through_its_six_steps() -> None:
    ran = run_first_lesson("--json")
    assert ran.exit == 0
    assert column(ran, "status") == ["Pending", "Running", "Success", "Success", "Success", "N/A"]
    assert column(ran, "result") == ["None", "None", "-1.0", "-1.0", "-1.0", "N/A"]
    assert column(ran, "process") == ["caller", "worker", "monitor", "caller", "caller", "lab"]
    assert column(ran, "step") == [1, 2, 3, 4, 5, 6]
    assert len(set(column(ran, "pid"))) >= 3
    assert column(ran, "at_ms") == sorted(column(ran, "at_ms"))
    assert ran.json["rows"] == {"OrmQ": 0, "Task": 1}
    assert ran.json["outcome"] == "finished"


def test_the_tracker_has_each_variable_after_each_step() -> None:
    variables = run_first_lesson("--json").json["variables"]
    texts = {name: [each["value"] for each in values] for name, values in variables.items()}
    assert texts == {
        "task_status": ["None", "Pending", "Running", "Success", "Success", "Success", "Success"],
        "task_result": ["None", "None", "None", "-1.0", "-1.0", "-1.0", "-1.0"],
        "result": ["not yet"] * 4 + ["-1.0"] * 3,
        "status": ["not yet"] * 4 + ["True"] * 3,
    }
    assert [each["after_step"] for each in variables["result"]] == [0, 1, 2, 3, 4, 5, 6]


def test_a_failure_is_delivered_once_more_before_max_attempts_lets_it_go() -> None:
    ran = run_first_lesson("--json", "--knob", "function=math.fmod", "--knob", "x=1", "--knob", "y=0")
    assert ran.exit == 1
    assert column(ran, "status")[2] == "Failed"
    assert "math domain error" in column(ran, "result")[2]
    assert "ValueError" in column(ran, "note")[2]
    assert [each["delivery"] for each in ran.json["executions"]] == [1, 2]
    assert ran.json["rows"] == {"OrmQ": 0, "Task": 1}


def test_a_case_brings_its_knobs_and_interventions_and_a_knob_takes_precedence() -> None:
    ran = run_first_lesson("--json", "--case", "killed", "--knob", "x=3")
    assert [each["delivery"] for each in ran.json["executions"]] == [1, 2]
    assert column(ran, "result")[-2] == "-3.0"
    assert "(known: default, " in run_first_lesson("--case", "klled").err


def test_a_program_that_does_not_wait_reads_too_early() -> None:
    ran = run_first_lesson("--json", "--knob", "wait=no")
    assert ran.exit == 1
    assert any("AttributeError: 'NoneType' object has no attribute 'result'" in note for note in column(ran, "note"))
    assert ran.json["rows"] == {"OrmQ": 0, "Task": 1}


def test_the_error_of_a_power_that_is_too_large_is_shown() -> None:
    ran = run_first_lesson("--json", "--knob", "function=math.pow", "--knob", "x=1e308", "--knob", "y=10")
    assert ran.exit == 1
    assert "OverflowError: math range error" in column(ran, "note")[2]


def test_a_killed_worker_leaves_the_task_to_be_delivered_again() -> None:
    ran = run_first_lesson("--json", "--intervene", "started=kill")
    assert ran.exit == 0
    first, second = ran.json["executions"]
    assert (first["delivery"], first["success"]) == (1, None)
    assert (second["delivery"], second["success"]) == (2, True)
    assert first["pid"] != second["pid"]


def test_the_table_is_printed() -> None:
    ran = run_first_lesson()
    assert ran.exit == 0
    for text in ("Task status", "Pending", "Running", "Success", "-1.0", "task_result", "monitor"):
        assert text in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--knob", "x=banana"], "isn't a number from"),
        (["--knob", "x=1e400"], "isn't a number from"),
        (["--knob", "function=os.system"], "math.copysign"),
        (["--knob", "wait=perhaps"], "yes or no"),
        (["--knob", "nothing=1"], "(known: function, x, y, wait)"),
        (["--knob", "x"], "NAME=VALUE"),
        (["--intervene", "started"], "EVENT[:COUNT]=ACTION"),
        (["--intervene", "nothing=stop"], "unknown event"),
        (["--intervene", "stored=kill"], "inside the task's function"),
        (["--intervene", "started=explode"], "kill, raise, slow, skip-gate, kill-caller, stop"),
    ],
)
def test_bad_input_is_refused_in_one_line_with_what_is_allowed(arguments: list[str], message: str) -> None:
    ran = run_first_lesson(*arguments)
    assert ran.exit == 2
    assert message in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_an_unknown_lesson_is_refused_with_the_known_ones() -> None:
    ran = run_command("run_lesson", "nope")
    assert ran.exit == 2
    assert SLUG in ran.err


def test_the_mistakes_of_a_lesson_that_cant_be_read_are_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = make_lesson("my-first", tmp_path) / "lesson.toml"
    lesson.write_text(lesson.read_text().replace("minutes = 5", 'minutes = "five"'))
    monkeypatch.setenv("TUTOR_LESSONS", str(tmp_path))
    refused = run_command("run_lesson", "my-first")
    assert refused.exit == 2
    assert refused.err.startswith('my-first/lesson.toml:6: "minutes": ')
