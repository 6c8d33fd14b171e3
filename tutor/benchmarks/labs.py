"""Labs beside a cluster that is started cold, and what a lab costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from tutor.labs.host.lab_host import LabHost
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation
from tutor.runs.execution import lab_spec

from . import cold
from .figures import Figure, against, below, plain
from .load import busy_cores, threads

MIB = 1024 * 1024
SLEEPING = "from django_q.tasks import async_task\nimport time\nasync_task('time.sleep', 0.3)\ntime.sleep(0.3)\n"
"""A program whose worker is inside its task for long enough to be measured there."""


def first_lesson() -> Lesson:
    """The catalogue's first lesson."""
    return next(iter(catalogue.lessons().values()))


def default_spec() -> LabSpec:
    """The first lesson's lab, with the lesson's own knob values."""
    lesson = first_lesson()
    return lab_spec(lesson, lesson.defaults)


@contextmanager
def host() -> Iterator[LabHost]:
    """A host of labs in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        labs = LabHost(Path(folder))
        try:
            yield labs
        finally:
            labs.close()


def run(labs: LabHost, spec: LabSpec, name: str) -> tuple[int, list[Observation]]:
    """(monotonic moment of asking in ns, what was observed) of one run."""
    began = time.monotonic_ns()
    seen: list[Observation] = []
    with labs.open(spec, name) as lab:
        for batch in lab:
            seen += batch
    return began, seen


def milliseconds(began: int, seen: list[Observation], kind: str) -> float:
    """From the moment `began` to the first observation of `kind`."""
    return next((one.at - began) / 1e6 for one in seen if one.kind == kind)


@contextmanager
def project() -> Iterator[Path]:
    """The first lesson as a plain project."""
    lesson = first_lesson()
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        cold.write_project(place, lesson.lab_settings(lesson.defaults)["Q_CLUSTER"], lesson.program_text())
        yield place


def fork_to_ready(rounds: int) -> Iterator[Figure]:
    """From asking for a lab to its cluster running: with a configuration used before, and with a new one each time."""
    spec = default_spec()
    used, new, slow = [], [], []
    with host() as labs, project() as place:
        run(labs, spec, "first")
        for number in range(rounds):
            used.append(milliseconds(*run(labs, spec, f"used-{number}"), "ready"))
            new.append(milliseconds(*run(labs, other_configuration(spec, number), f"new-{number}"), "ready"))
            slow.append(cold.ready_seconds(place) * 1000)
    yield against("cluster ready, configuration used before, against qcluster", "ms", used, slow, 5)
    yield against("cluster ready, new configuration, against qcluster", "ms", new, slow, 1)


def other_configuration(spec: LabSpec, number: int) -> LabSpec:
    own: dict[str, Any] = {**spec.settings, "Q_CLUSTER": {**spec.settings["Q_CLUSTER"], "recycle": 600 + number}}
    return replace(spec, settings=own)


def whole_lesson(rounds: int) -> Iterator[Figure]:
    """The first lesson from asking to its end, against a cold cluster and a process that runs the program."""
    spec = default_spec()
    ours, theirs = [], []
    with host() as labs, project() as place:
        run(labs, spec, "first")
        for number in range(rounds):
            ours.append(milliseconds(*run(labs, spec, f"run-{number}"), "ended"))
            theirs.append(cold.lesson_seconds(place) * 1000)
    yield against("whole lesson, against qcluster and the program", "ms", ours, theirs)


def memory(rounds: int) -> Iterator[Figure]:
    """Memory of a lab's own (USS), all its processes together, while a worker is inside its task."""
    spec = replace(default_spec(), program=SLEEPING, gates=())
    values: list[float] = []
    with host() as labs:
        for number in range(rounds):
            with labs.open(spec, f"memory-{number}") as lab:
                at_work = (batch for batch in lab if any(seen.kind == "started" for seen in batch))
                values.extend(uss_mib(lab.supervisor) for _ in at_work)
    yield below("memory of a lab at work (USS)", "MiB", values, 40)


def uss_mib(supervisor: int) -> float:
    root = psutil.Process(supervisor)
    return sum(each.memory_full_info().uss for each in [root, *root.children(recursive=True)]) / MIB


def gate(rounds: int) -> Iterator[Figure]:
    """How long the program stands at “later” until the result is stored, two labs at once and every core busy."""
    spec = default_spec()
    with busy_cores(), host() as labs, threads(2) as pool:
        runs = list(pool.map(lambda number: run(labs, spec, str(number))[1], range(rounds)))
    yield plain("time at a gate, every core busy", "ms", [each for seen in runs for each in gates_ms(seen)])


def gates_ms(seen: list[Observation]) -> list[float]:
    """How long each gate of a run was stood at."""
    return [one.payload["waited_ns"] / 1e6 for one in seen if one.kind == "gate"]
