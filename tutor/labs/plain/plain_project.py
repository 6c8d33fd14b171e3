"""A plain Django project with a lesson's program, a cold cluster, and their output."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Thread, Timer
from time import monotonic
from typing import Any, BinaryIO

from tutor.labs.inside.lab_settings import CLUSTER
from tutor.protocol.lab_spec import LabSpec

FILES = Path(__file__).parent / "project"
ROOT = Path(__file__).parents[3]
"""Where a conducted project imports `tutor.protocol` from."""
NOTHING: Mapping[str, str] = {}
COMMAND_TIMEOUT_S = 60.0
START_TIMEOUT_S = 60.0


class PlainProject:
    """A project in `folder`, written and migrated, with the program, files and settings of `spec`.

    A conducted project also has the app `conductor`, which carries out the gates and interventions of `spec` and
    records events. Without it, a project has nothing beyond what it needs, and ignores gates and interventions.
    """

    def __init__(self, folder: Path, spec: LabSpec, *, conducted: bool = False) -> None:
        self.folder, self.spec, self.conducted = folder, spec, conducted
        self.program: subprocess.Popen[bytes] | None = None
        self.write()
        self.migrate()

    @property
    def environment(self) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
        return {**own, "PYTHONPATH": str(ROOT)} if self.conducted else own

    def write(self) -> None:
        """Write the project's files."""
        shutil.copytree(FILES, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        for name, text in {**self.spec.files, "program.py": self.spec.program}.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (self.folder / "inputs.json").write_text(json.dumps(inputs_of(self.spec, conducted=self.conducted)))
        (self.folder / "events.jsonl").touch()

    def migrate(self) -> None:
        """Create empty databases in place of existing ones."""
        for path in self.folder.glob("*.sqlite3*"):
            path.unlink()
        for alias in {"default": {}, **self.spec.settings.get("DATABASES", {})}:
            self.python("manage.py", "migrate", "--run-syncdb", "-v0", "--database", alias)

    @contextmanager
    def cluster(self) -> Iterator[float]:
        """Run a cold cluster, and those of `spec.clusters`; yield the seconds from their start until all are running.

        On exit, kill the clusters and the program. Raises RuntimeError if a cluster doesn't start.
        """
        began = monotonic()
        clusters: list[subprocess.Popen[bytes]] = []
        try:
            for name in ("", *self.spec.clusters):
                more = {"Q_CLUSTER_NAME": name} if name else {}
                output = f"cluster-{len(clusters)}.out"
                clusters.append(self.popen("manage.py", "qcluster", output=output, stderr=subprocess.PIPE, more=more))
            (self.folder / "cluster.pid").write_text(str(clusters[0].pid))
            for process in clusters:
                wait_until_running(process)
                Thread(target=drain, args=[process.stderr], daemon=True).start()
            yield monotonic() - began
        finally:
            for each in (*clusters, self.program):
                if each:
                    kill_group(each)

    def start_program(self, wait_at: int | None = None) -> subprocess.Popen[bytes]:
        """Start the program. Before its line `wait_at`, if any, it waits until a task's outcome is stored."""
        self.program = self.popen("run.py", str(wait_at or 1), output="program.out")
        return self.program

    def run_program(self, wait_at: int | None = None) -> int:
        """Run the program to its end as `start_program` does; return its exit code."""
        return self.start_program(wait_at).wait()

    def rows(self) -> dict[str, Any]:
        """Return what the databases have: {"OrmQ": number of rows, "Task": [{"func": …, "success": …, …}]}."""
        return dict(json.loads(self.python("rows.py")))

    def events(self) -> list[dict[str, Any]]:
        """Return what the conductor has recorded, as {"kind": …, "lane": …, "payload": …, "pid": …}."""
        return [json.loads(line) for line in (self.folder / "events.jsonl").read_text().splitlines()]

    @property
    def program_output(self) -> str:
        """What the program has printed."""
        return (self.folder / "program.out").read_text()

    @property
    def cluster_output(self) -> str:
        """What the processes of each cluster have printed, without django-q2's log."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("cluster-*.out")))

    def python(self, *args: str) -> str:
        """Run a script of the project; return its output. Raises RuntimeError with the last line of its errors."""
        done = subprocess.run(
            [sys.executable, *args],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{args[0]}: {done.stderr.strip().rpartition(os.linesep)[2]}")
        return done.stdout

    def popen(
        self, *args: str, output: str, stderr: int = subprocess.DEVNULL, more: Mapping[str, str] = NOTHING
    ) -> subprocess.Popen[bytes]:
        """Start a script of the project in a session of its own, with `more` environment; its output is in `output`."""
        with (self.folder / output).open("wb") as file:
            return subprocess.Popen(
                [sys.executable, *args],
                cwd=self.folder,
                env={**self.environment, **more},
                stdout=file,
                stderr=stderr,
                start_new_session=True,
            )


def inputs_of(spec: LabSpec, *, conducted: bool) -> dict[str, Any]:
    """Return what the project's settings are made of, as plain data."""
    return {
        "apps": list(spec.apps),
        "settings": {name: value for name, value in spec.settings.items() if name != "Q_CLUSTER"},
        "cluster": {**CLUSTER, **spec.settings.get("Q_CLUSTER", {})},
        "conductor": conductor_inputs(spec) if conducted else None,
    }


def conductor_inputs(spec: LabSpec) -> dict[str, Any]:
    moments = [moment for gate in spec.gates for moment in (gate.at, gate.until)]
    moments += [each.moment for each in spec.interventions]
    return {
        "files": ["program.py", *spec.files],
        "lines": any(moment.event == "line" for moment in moments),
        "gates": [asdict(gate) for gate in spec.gates],
        "interventions": [each.to_json() for each in spec.interventions],
    }


def wait_until_running(process: subprocess.Popen[bytes]) -> None:
    """Read the cluster's log until it says that it is running. Raises RuntimeError if it never does."""
    assert process.stderr is not None
    timer = Timer(START_TIMEOUT_S, process.kill)
    timer.start()
    try:
        if not any(b" running." in line for line in process.stderr):
            raise RuntimeError("The cold cluster ended before it was running.")
    finally:
        timer.cancel()


def drain(stream: BinaryIO) -> None:
    """Read `stream` to its end, so that its writers never wait for room."""
    with stream:
        while stream.read(65536):
            pass


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
