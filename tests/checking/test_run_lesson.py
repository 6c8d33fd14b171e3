from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command

from tests.recording import SLUG

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Ran:
    exit: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.out)

    def column(self, name: str) -> list[Any]:
        return [step[name] for step in self.told["steps"]]


@pytest.fixture
def run_lesson(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*arguments: str, slug: str = SLUG) -> Ran:
        with pytest.raises(SystemExit) as ended:
            call_command("run_lesson", slug, *arguments)
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return run


def test_the_first_lesson_goes_through_its_six_steps(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson("--json")
    assert ran.exit == 0
    assert ran.column("status") == ["Pending", "Running", "Success", "Success", "Success", "N/A"]
    assert ran.column("result") == ["None", "None", "-1.0", "-1.0", "-1.0", "N/A"]
    assert ran.column("process") == ["caller", "worker", "monitor", "caller", "caller", "lab"]
    assert ran.column("step") == [1, 2, 3, 4, 5, 6]
    assert len(set(ran.column("pid"))) >= 3
    assert ran.column("at_ms") == sorted(ran.column("at_ms"))
    assert ran.told["rows"] == {"OrmQ": 0, "Task": 1}
    assert ran.told["outcome"] == "finished"


def test_the_tracker_says_what_each_variable_was_after_each_step(run_lesson) -> None:  # type: ignore[no-untyped-def]
    variables = run_lesson("--json").told["variables"]
    texts = {name: [each["value"] for each in values] for name, values in variables.items()}
    assert texts == {
        "task_status": ["None", "Pending", "Running", "Success", "Success", "Success", "Success"],
        "task_result": ["None", "None", "None", "-1.0", "-1.0", "-1.0", "-1.0"],
        "result": ["not yet"] * 4 + ["-1.0"] * 3,
        "status": ["not yet"] * 4 + ["True"] * 3,
    }
    assert [each["after_step"] for each in variables["result"]] == [0, 1, 2, 3, 4, 5, 6]


def test_a_failure_is_delivered_once_more_before_max_attempts_lets_it_go(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson("--json", "--knob", "function=math.fmod", "--knob", "x=1", "--knob", "y=0")
    assert ran.exit == 1
    assert ran.column("status")[2] == "Failed"
    assert "math domain error" in ran.column("result")[2]
    assert "ValueError" in ran.column("note")[2]
    assert [each["delivery"] for each in ran.told["executions"]] == [1, 2]
    assert ran.told["rows"] == {"OrmQ": 0, "Task": 1}


def test_who_does_not_wait_reads_too_early(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson("--json", "--knob", "wait=no")
    assert ran.exit == 1
    assert any("AttributeError: 'NoneType' object has no attribute 'result'" in note for note in ran.column("note"))
    assert ran.told["rows"] == {"OrmQ": 0, "Task": 1}


def test_what_python_says_of_a_power_that_is_too_large_is_shown(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson("--json", "--knob", "function=math.pow", "--knob", "x=1e308", "--knob", "y=10")
    assert ran.exit == 1
    assert "OverflowError: math range error" in ran.column("note")[2]


def test_a_killed_worker_leaves_the_task_to_be_delivered_again(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson("--json", "--intervene", "started=kill")
    assert ran.exit == 0
    first, second = ran.told["executions"]
    assert (first["delivery"], first["success"]) == (1, None)
    assert (second["delivery"], second["success"]) == (2, True)
    assert first["pid"] != second["pid"]


def test_the_table_is_printed(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson()
    assert ran.exit == 0
    for text in ("Task status", "Pending", "Running", "Success", "-1.0", "task_result", "monitor"):
        assert text in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--knob", "x=banana"], "isn't a number from"),
        (["--knob", "x=1e400"], "isn't a number from"),
        (["--knob", "function=os.system"], "math.copysign"),
        (["--knob", "wait=perhaps"], "yes or no"),
        (["--knob", "nothing=1"], "(known: function, x, y, wait)"),
        (["--knob", "x"], "NAME=VALUE"),
        (["--intervene", "started"], "EVENT[:COUNT]=ACTION"),
        (["--intervene", "nothing=stop"], "there is no event"),
        (["--intervene", "stored=kill"], "inside the task's function"),
        (["--intervene", "started=explode"], "kill, raise, slow, stop"),
    ],
)
def test_bad_input_ends_with_one_line_that_says_what_is_allowed(run_lesson, arguments: list[str], says: str) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson(*arguments)
    assert ran.exit == 2
    assert says in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_an_unknown_lesson_ends_with_one_line_that_names_those_that_there_are(run_lesson) -> None:  # type: ignore[no-untyped-def]
    ran = run_lesson(slug="nope")
    assert ran.exit == 2
    assert SLUG in ran.err
