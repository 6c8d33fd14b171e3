"""The lab adds nothing and hides nothing: a plain project under `manage.py qcluster` leaves the same."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.labs.conftest import Run
from tests.labs.observed import Q_CLUSTER, lab, of, printed, soon
from tutor.protocol.gates import Gate
from tutor.protocol.when import When

LESSON = Path(__file__).parents[2] / "tutor/lessons/content/task-results-and-status/program.py"

SETTINGS = """
import os
from pathlib import Path
BASE = Path(__file__).parent
SECRET_KEY = "plain"
USE_TZ = True
INSTALLED_APPS = ["django_q"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE / "db", "OPTIONS": {"timeout": 10}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
Q_CLUSTER = {"name": "plain", "orm": "default", **Q}
"""
MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
RUN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
import django
django.setup()
import time, runpy
from django_q.models import OrmQ, Task

program, wait_at = sys.argv[1], int(sys.argv[2])
def wait(frame, event, arg):
    if event == "line" and frame.f_lineno == wait_at:
        until = time.monotonic() + 15
        while not Task.objects.exists() and time.monotonic() < until:
            time.sleep(0.02)
    return wait
sys.settrace(lambda frame, *rest: wait if frame.f_code.co_filename == program else None)
runpy.run_path(program, run_name="__main__")
"""
ROWS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
import django
django.setup()
from django_q.models import OrmQ, Task
fields = ("func", "args", "kwargs", "success", "result", "attempt_count")
print(repr({"OrmQ": OrmQ.objects.count(), "Task": list(Task.objects.order_by("started").values_list(*fields))}))
"""
COUNT = """
def counted(*args):
    import math, os
    with open(os.environ.get("COUNT_IN", "counted"), "a") as file:
        file.write("x")
    print("executed", *args)
    return math.fmod(*args)
"""


class Plain:
    """A plain project with a cold cluster at work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "plain_settings.py").write_text(SETTINGS.replace("**Q", f"**{Q_CLUSTER!r}"))
        for name, text in {"manage.py": MANAGE, "run.py": RUN, "rows.py": ROWS, "counting.py": COUNT}.items():
            (folder / name).write_text(text)
        self.python("manage.py", "migrate", "-v0")
        self.output = (folder / "cluster.log").open("w")
        self.cluster = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "qcluster"],
            cwd=folder,
            env=self.environment,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"]}

    def python(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *args], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60
        )

    def rows(self) -> dict[str, Any]:
        return dict(ast.literal_eval(self.python("rows.py").stdout))

    def run(self, program: str, wait_at: int = 0) -> subprocess.CompletedProcess[str]:
        path = self.folder / "program.py"
        path.write_text(program)
        return self.python("run.py", str(path), str(wait_at))

    def close(self) -> None:
        self.cluster.send_signal(signal.SIGTERM)
        try:
            self.cluster.wait(10)
        finally:
            if self.cluster.poll() is None:
                os.killpg(self.cluster.pid, signal.SIGKILL)
            self.output.close()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Plain]:
    plain = Plain(tmp_path)
    yield plain
    plain.close()


ROWS_IN_THE_LAB = textwrap.dedent("""
    from django_q.models import OrmQ, Task
    fields = ("func", "args", "kwargs", "success", "result", "attempt_count")
    print(repr({"OrmQ": OrmQ.objects.count(), "Task": list(Task.objects.order_by("started").values_list(*fields))}))
    """)


def without_paths(rows: dict[str, Any]) -> dict[str, Any]:
    """Results with what differs between two places of the same program left out."""
    tasks = [(*task[:4], without_path(task[4]), *task[5:]) for task in rows["Task"]]
    return {"OrmQ": rows["OrmQ"], "Task": tasks}


def without_path(result: Any) -> Any:
    return re.sub(r'File "(?:[^"]*/)?([^"/]+)"', r'File "\1"', result) if isinstance(result, str) else result


def in_the_lab(run: Run, program: str, until: When, **more: Any) -> tuple[dict[str, Any], list[Any]]:
    """The rows that the run of `program` leaves, read by lines that are run when it is over."""
    read = Gate("read", When("line", "caller", where={"line": program.count("\n") + 2}), until, 15.0)
    gates = (*more.pop("gates", ()), read)
    seen = run(lab(program + ROWS_IN_THE_LAB, gates=gates, **more))
    return dict(ast.literal_eval(printed(seen, "caller").splitlines()[-1])), seen


def test_the_first_lesson_leaves_the_same(run: Run, plain: Plain) -> None:
    program = LESSON.read_text()
    line = program.splitlines().index("from django_q.models import Task") + 1
    cold = plain.run(program, wait_at=line)
    assert (cold.returncode, cold.stdout) == (0, "")
    assert soon(lambda: plain.rows()["OrmQ"] == 0, 10)
    gate = Gate("later", When("line", "caller", where={"line": line}), When("stored"))
    rows, seen = in_the_lab(run, program, When("acknowledged"), gates=(gate,))
    assert rows == plain.rows()
    assert rows["Task"] == [("math.copysign", (1, -1), {}, True, -1.0, 1)]
    assert len(of(seen, "started")) == 1
    assert cold.stdout == "" == printed(seen, "worker")


def test_a_failing_task_leaves_the_same(run: Run, plain: Plain) -> None:
    program = "from django_q.tasks import async_task\nasync_task('math.fmod', 1, 0)\n"
    cold = plain.run(program)
    assert (cold.returncode, cold.stdout) == (0, "")
    assert soon(lambda: plain.rows()["OrmQ"] == 0, 20)
    rows, seen = in_the_lab(run, program, When("acknowledged"))
    assert without_paths(rows) == without_paths(plain.rows())
    ((*_, success, result, attempts),) = rows["Task"]
    assert (success, attempts) == (False, 2)
    assert result.startswith("math domain error : Traceback")
    assert len(of(seen, "finished")) == attempts


def test_executions_and_output_are_the_same(run: Run, plain: Plain) -> None:
    program = "from django_q.tasks import async_task\nasync_task('counting.counted', 1, 0)\nprint('queued')\n"
    cold = plain.run(program)
    assert soon(lambda: plain.rows()["OrmQ"] == 0, 20)
    rows, seen = in_the_lab(run, program, When("acknowledged"), files={"counting.py": COUNT})
    assert without_paths(rows) == without_paths(plain.rows())
    assert (plain.folder / "counted").read_text() == "x" * len(of(seen, "started"))
    assert printed(seen, "caller").startswith(cold.stdout)
    log = Path(plain.output.name).read_text()
    assert log.count("executed 1 0\n") == printed(seen, "worker").count("executed 1 0\n") == 2


def test_a_timeout_leaves_the_same(run: Run, plain: Plain) -> None:
    program = "from django_q.tasks import async_task\nasync_task('time.sleep', 20)\n"
    plain.run(program)
    assert soon(lambda: plain.rows()["OrmQ"] == 0, 30)
    rows, _ = in_the_lab(run, program, When("acknowledged"))
    assert without_paths(rows) == without_paths(plain.rows())
