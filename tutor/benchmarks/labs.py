"""Labs beside a cluster that is started cold, and what a lab costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from tutor.labs.host import LabHost
from tutor.labs.spec import LabSpec, Observation
from tutor.lessons import catalogue
from tutor.lessons.lesson import Lesson
from tutor.runs.execution import lab_spec

from . import cold
from .figures import Figure, against, below, benchmark, p95

MIB = 1024 * 1024


def first_lesson() -> Lesson:
    """The catalogue's first lesson, with its own knob values."""
    return next(iter(catalogue.lessons().values()))


@contextmanager
def host() -> Iterator[LabHost]:
    """A host of labs in a folder that goes with it, its fork server running."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder:
        labs = LabHost(Path(folder))
        try:
            yield labs
        finally:
            labs.close()


def run(labs: LabHost, spec: LabSpec, name: str) -> tuple[int, list[Observation]]:
    """(moment of asking in ns, what was observed) of one run."""
    began = time.monotonic_ns()
    seen: list[Observation] = []
    with labs.open(spec, name) as lab:
        for batch in lab:
            seen += batch
    return began, seen


def milliseconds(began: int, seen: list[Observation], kind: str) -> float:
    return next((one.at - began) / 1e6 for one in seen if one.kind == kind)


@contextmanager
def project() -> Iterator[Path]:
    """The first lesson as a plain project."""
    lesson = first_lesson()
    with tempfile.TemporaryDirectory(prefix="tutor-cold-") as folder:
        place = Path(folder)
        cold.write_project(place, lesson.lab_settings(lesson.defaults)["Q_CLUSTER"], lesson.program_text())
        yield place


@benchmark("fork")
def fork_to_ready(rounds: int) -> Iterator[Figure]:
    """From asking for a lab to its cluster running, with a configuration used before and with a new one."""
    lesson = first_lesson()
    spec = lab_spec(lesson, lesson.defaults)
    used, new, slow = [], [], []
    with host() as labs, project() as place:
        run(labs, spec, "first")
        for number in range(rounds):
            used.append(milliseconds(*run(labs, spec, f"used-{number}"), "ready"))
            new.append(milliseconds(*run(labs, other_configuration(spec, number), f"new-{number}"), "ready"))
            slow.append(cold.ready_seconds(place) * 1000)
    yield against("fork to ready, configuration used before, against a cold qcluster", "ms", used, slow, 5)
    yield against("fork to ready, new configuration, against a cold qcluster", "ms", new, slow, 1)


def other_configuration(spec: LabSpec, number: int) -> LabSpec:
    own: dict[str, Any] = {**spec.settings, "Q_CLUSTER": {**spec.settings["Q_CLUSTER"], "recycle": 600 + number}}
    return replace(spec, settings=own)


@benchmark("lesson")
def whole_lesson(rounds: int) -> Iterator[Figure]:
    """The first lesson from asking to its end, against a cold cluster and a process that runs the program."""
    lesson = first_lesson()
    spec = lab_spec(lesson, lesson.defaults)
    with host() as labs, project() as place:
        run(labs, spec, "first")
        ours, theirs = [], []
        for number in range(rounds):
            ours.append(milliseconds(*run(labs, spec, f"run-{number}"), "ended"))
            theirs.append(cold.lesson_seconds(place) * 1000)
    yield against("the whole first lesson, against a cold qcluster and its caller", "ms", ours, theirs, 1)


@benchmark("memory")
def memory(rounds: int) -> Iterator[Figure]:
    """Memory of a lab's own (USS), all its processes, while a worker is inside its task."""
    program = "from django_q.tasks import async_task\nimport time\nasync_task('time.sleep', 0.3)\ntime.sleep(0.3)\n"
    lesson = first_lesson()
    spec = replace(lab_spec(lesson, lesson.defaults), program=program, gates=())
    values: list[float] = []
    with host() as labs:
        for number in range(rounds):
            with labs.open(spec, f"memory-{number}") as lab:
                at_work = (batch for batch in lab if any(seen.kind == "started" for seen in batch))
                values.extend(uss(lab.keeper) for _ in at_work)
    yield below("memory of a lab (USS of all its processes)", "MiB", values, 40)


def uss(keeper: int) -> float:
    root = psutil.Process(keeper)
    return sum(each.memory_full_info().uss for each in [root, *root.children(recursive=True)]) / MIB


@benchmark("throughput")
def throughput(rounds: int) -> Iterator[Figure]:
    """Runs per minute of the first lesson, `TUTOR_MAX_LABS` at once."""
    lesson = first_lesson()
    spec = lab_spec(lesson, lesson.defaults)
    at_once = settings.TUTOR_MAX_LABS
    rates = []
    with host() as labs, ThreadPoolExecutor(at_once) as threads:
        run(labs, spec, "first")
        for turn in range(3):
            began = time.monotonic()
            list(threads.map(lambda name: run(labs, spec, name), [f"{turn}-{n}" for n in range(max(rounds, at_once))]))
            rates.append(60 * max(rounds, at_once) / (time.monotonic() - began))
    yield Figure(f"runs per minute, {at_once} labs at once", "runs/min", sorted(rates)[1], p95(rates))
