"""The lab adds nothing and hides nothing: a plain project under a cold `manage.py qcluster` leaves the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tutor.labs.inside.lab_settings import CLUSTER, SQLITE
from tutor.protocol.lab_spec import LabSpec
from tutor.runs.execution import lab_spec

from .case_runs import CaseRun

PLAIN = Path(__file__).parents[1] / "labs/plain/project"
PATIENCE_S = 40.0
QUIET_S = 1.0
"""How long nothing more may come once everything is as in the lab."""
PLACES = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True)
class Left:
    """What a run leaves, as far as it has to be the same everywhere."""

    queued: int
    tasks: tuple[tuple[str, bool, int, str], ...]
    """(func, success, attempt_count, first line of the result), sorted."""
    executions: int
    printed: tuple[str, ...]
    """Lines, sorted, as processes print when they like."""

    def differences(self, other: Left) -> Iterator[str]:
        """What is here and not so in `other`."""
        for name, value in asdict(self).items():
            if (its := getattr(other, name)) != getattr(self, name):
                yield f"{name}: {value} in the lab, {its} under qcluster"


def left_by(run: CaseRun) -> Left:
    """What a kept run left."""
    rows = run.trace.state.rows or {"OrmQ": {"count": 0}, "Task": {"rows": ()}}
    tasks = [(row["func"], row["success"], row["attempt_count"], row["result"]) for row in rows["Task"]["rows"]]
    return left(rows["OrmQ"]["count"], tasks, len(run.trace.executions), run.trace.state.printed)


def left(queued: int, tasks: Any, executions: int, printed: str) -> Left:
    rows = sorted((str(func), bool(success), count, first_line(result)) for func, success, count, result in tasks)
    lines = (line.rstrip() for line in PLACES.sub("", printed).splitlines())
    return Left(queued, tuple(rows), executions, tuple(sorted(line for line in lines if line)))


def first_line(result: str) -> str:
    """The part of a result that both keep: its first line, without places in memory."""
    return PLACES.sub("", result.split("\n", 1)[0].rstrip("…"))[:100].rstrip()


def run_cold(run: CaseRun) -> Left:
    """Run the case of `run` in a plain project until it has left the same, or for as long as patience lasts."""
    expected = left_by(run)
    spec = lab_spec(run.lesson, run.lesson.case_knobs(run.case))
    with tempfile.TemporaryDirectory(prefix="plain-") as folder:
        project = Plain(Path(folder), spec)
        with project.cluster():
            project.start_program()
            return project.watch(expected)


class Plain:
    """A plain Django project in a folder of its own, with a lesson's files in it."""

    def __init__(self, folder: Path, spec: LabSpec) -> None:
        self.folder, self.spec = folder, spec
        for path in PLAIN.glob("*.py"):
            shutil.copyfile(path, folder / path.name)
        for name, text in {**spec.files, "program.py": spec.program}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        (folder / "inputs.json").write_text(json.dumps(inputs_of(spec)))
        (folder / "events.jsonl").touch()
        for alias in ("default", *(name for name in spec.settings.get("DATABASES", {}) if name != "default")):
            self.python("manage.py", "migrate", "--run-syncdb", "-v0", "--database", alias)
        self.program: subprocess.Popen[bytes] | None = None

    @contextmanager
    def cluster(self) -> Iterator[None]:
        """A cluster at work; it and the program are gone afterwards."""
        running = self.popen("manage.py", "qcluster", output="cluster.out")
        (self.folder / "cluster.pid").write_text(str(running.pid))
        try:
            yield
        finally:
            for process in (running, self.program):
                if process:
                    kill_group(process)

    def start_program(self) -> None:
        self.program = self.popen("run.py", output="program.out")

    def watch(self, expected: Left) -> Left:
        """What is left once nothing more comes; what there is then, if it is another thing than expected."""
        until, same_since = time.monotonic() + PATIENCE_S, None
        while time.monotonic() < until:
            now = time.monotonic()
            if self.program_is_over() and self.left() == expected:
                same_since = same_since or now
                if now - same_since > QUIET_S or self.spec.deliveries:
                    return expected
            else:
                same_since = None
            time.sleep(0.1)
        return self.left()

    def program_is_over(self) -> bool:
        return self.program is not None and self.program.poll() is not None

    def left(self) -> Left:
        rows = json.loads(self.python("rows.py"))
        events = [json.loads(line) for line in (self.folder / "events.jsonl").read_text().splitlines()]
        executions = sum(event["kind"] == "started" for event in events)
        printed = "".join((self.folder / name).read_text() for name in ("program.out", "cluster.out"))
        return left(rows["OrmQ"], rows["Task"], executions, printed)

    def python(self, *args: str) -> str:
        """What a command of the project prints. RuntimeError with its last line where it fails."""
        command = [sys.executable, *args]
        done = subprocess.run(
            command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{args[0]}: {done.stderr.strip().splitlines()[-1:]}")
        return done.stdout

    def popen(self, *args: str, output: str) -> subprocess.Popen[bytes]:
        with (self.folder / output).open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-u", *args],
                cwd=self.folder,
                env=ENVIRONMENT,
                stdout=file,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


ENVIRONMENT = {"PATH": os.environ["PATH"]}


def inputs_of(spec: LabSpec) -> dict[str, Any]:
    """What the plain project is told: the lesson's settings, gates and interventions."""
    moments = [gate.at for gate in spec.gates] + [gate.until for gate in spec.gates]
    moments += [each.at for each in spec.interventions]
    settings = {name: value for name, value in spec.settings.items() if name not in ("Q_CLUSTER", "DATABASES")}
    return {
        "apps": list(spec.apps),
        "settings": {**settings, "DATABASES": spec.settings.get("DATABASES", {})},
        "cluster": {**CLUSTER, **spec.settings.get("Q_CLUSTER", {})},
        "sqlite": SQLITE,
        "watched": ["program.py", *spec.files],
        "lines": any(moment.event == "line" for moment in moments),
        "gates": [{"at": asdict(gate.at), "until": asdict(gate.until)} for gate in spec.gates],
        "interventions": [each.to_json() for each in spec.interventions],
    }


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
