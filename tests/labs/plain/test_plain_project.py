"""A plain project under a cold `manage.py qcluster` leaves what a lab leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import lab, of, printed, soon
from tutor.labs.plain.plain_project import FILES, PlainProject
from tutor.lessons.catalogue import CONTENT
from tutor.protocol.actions import ACTIONS
from tutor.protocol.gates import Gate
from tutor.protocol.interventions import Intervention
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

FIRST_LESSON = (CONTENT / "task-results-and-status/program.py").read_text()
QUEUE_ONE = "from django_q.tasks import async_task\nasync_task({})\n"
PRINT_ROWS = "\nimport json, rows\nprint(json.dumps(rows.rows()))\n"
COUNTING = """
def counted(*args):
    import math
    print("executed", *args)
    return math.fmod(*args)
"""

Rows = dict[str, Any]
NewProject = Callable[..., PlainProject]


@pytest.fixture
def new_project(tmp_path: Path) -> NewProject:
    """Make the test's plain project of a program and the other fields of a spec."""

    def new_project(program: str, *, conducted: bool = False, **more: Any) -> PlainProject:
        return PlainProject(tmp_path, lab(program, **more), conducted=conducted)

    return new_project


def without_folders(rows: Rows) -> Rows:
    """Return `rows` with paths in tracebacks cut to the names of their files."""
    tasks = [{**task, "result": re.sub(r'File "(?:[^"]*/)?', 'File "', task["result"])} for task in rows["Task"]]
    return {**rows, "Task": tasks}


def in_the_lab(run: Run, spec: LabSpec) -> tuple[Rows, list[Observation]]:
    """Run `spec` in a lab whose program prints its rows in the end; return them and the observations."""
    line = spec.program.count("\n") + 2
    reading = Gate("read", When("line", "caller", where={"line": line}), When("acknowledged"), bound_s=15)
    files = {**spec.files, "rows.py": (FILES / "rows.py").read_text()}
    observations = run(replace(spec, program=spec.program + PRINT_ROWS, files=files, gates=(*spec.gates, reading)))
    return json.loads(printed(observations, "caller").splitlines()[-1]), observations


def until_acknowledged(project: PlainProject) -> Rows:
    """Return the project's rows as soon as its queue is empty."""
    assert soon(lambda: project.rows()["OrmQ"] == 0, 30)
    return project.rows()


def test_the_first_lesson_leaves_the_same(run: Run, new_project: NewProject) -> None:
    line = FIRST_LESSON.splitlines().index("from django_q.models import Task") + 1
    gate = Gate("later", When("line", "caller", where={"line": line}), When("stored"))
    project = new_project(FIRST_LESSON, gates=(gate,))
    with project.cluster():
        assert project.run_program(wait_at=line) == 0
        cold = until_acknowledged(project)
    rows, observations = in_the_lab(run, project.spec)
    assert rows == cold
    [task] = rows["Task"]
    assert (task["func"], task["args"], task["result"]) == ("math.copysign", "(1, -1)", "-1.0")
    assert (task["success"], task["attempt_count"]) == (True, 1)
    assert len(of(observations, "started")) == 1
    assert project.program_output == "" == printed(observations, "worker")


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("'math.fmod', 1, 0", "math domain error : Traceback"),
        pytest.param("'time.sleep', 20", "Task exceeded", marks=pytest.mark.thorough),
    ],
    ids=["a task that fails", "a task that exceeds its timeout"],
)
def test_a_failure_leaves_the_same(call: str, result: str, run: Run, new_project: NewProject) -> None:
    project = new_project(QUEUE_ONE.format(call))
    with project.cluster():
        assert project.run_program() == 0
        cold = until_acknowledged(project)
    rows, observations = in_the_lab(run, project.spec)
    assert without_folders(rows) == without_folders(cold)
    [task] = rows["Task"]
    assert (task["success"], task["attempt_count"]) == (False, 2)
    assert task["result"].startswith(result)
    assert len(of(observations, "finished")) == 2


def test_executions_and_output_are_the_same(run: Run, new_project: NewProject) -> None:
    program = QUEUE_ONE.format("'counting.counted', 1, 0") + "print('queued')\n"
    project = new_project(program, files={"counting.py": COUNTING})
    with project.cluster():
        project.run_program()
        cold = until_acknowledged(project)
    rows, observations = in_the_lab(run, project.spec)
    assert without_folders(rows) == without_folders(cold)
    assert printed(observations, "caller").startswith(project.program_output)
    assert project.program_output == "queued\n"
    assert project.cluster_output == printed(observations, "worker") == "executed 1 0\n" * 2


def test_a_conducted_project_does_what_gates_and_interventions_ask_for(new_project: NewProject) -> None:
    program = QUEUE_ONE.format("'math.copysign', 1, -1") + "print('stored')\n"
    gate = Gate("later", When("line", "caller", where={"line": 3}), When("stored"))
    kill = Intervention(When("started"), "kill")
    project = new_project(program, gates=(gate,), interventions=(kill,), conducted=True)
    with project.cluster():
        assert project.run_program() == 0
    kinds = [event["kind"] for event in project.events() if event["kind"] in ("started", "intervened", "stored")]
    assert kinds == ["started", "intervened", "started", "stored"]
    assert project.events()[-1]["kind"] == "program_ended"
    assert project.program_output == "stored\n"


def test_the_conductor_knows_every_action() -> None:
    spec = spec_from_file_location("conductor_actions", FILES / "conductor/actions.py")
    assert spec
    assert spec.loader
    actions = module_from_spec(spec)
    spec.loader.exec_module(actions)
    assert set(actions.ACTIONS) == set(ACTIONS)


def test_a_cluster_that_does_not_start_is_an_error(new_project: NewProject) -> None:
    project = new_project("")
    (project.folder / "manage.py").unlink()
    with pytest.raises(RuntimeError, match="ended before it was running"), project.cluster():
        pass


def test_a_script_that_fails_is_named_with_its_error(new_project: NewProject) -> None:
    with pytest.raises(RuntimeError, match=r"manage\.py: .*No module named 'nothing'"):
        new_project("", apps=("nothing",))
