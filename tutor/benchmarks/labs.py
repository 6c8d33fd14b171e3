"""Benchmarks of labs: how they compare with a cluster that is started cold, and what they cost."""

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
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.limits import MIB
from tutor.protocol.observation import Observation

from .cold import lesson_seconds, plain_project, ready_seconds
from .figures import Figure, against, below, plain
from .lesson import default_spec, measured_lesson
from .load import busy_cores, threads

SLEEPING = "from django_q.tasks import async_task\nimport time\nasync_task('time.sleep', 0.3)\ntime.sleep(0.3)\n"
"""A program whose task runs for long enough to be measured."""


def fork_to_ready(rounds: int) -> Iterator[Figure]:
    """From the request of a lab to its running cluster, with a configuration used before and with a new one."""
    spec = default_spec(measured_lesson())
    used, new, cold = [], [], []
    with lab_host() as host, plain_project(spec) as project:
        run(host, spec, "first")
        for number in range(rounds):
            used.append(milliseconds(*run(host, spec, f"used-{number}"), "ready"))
            new.append(milliseconds(*run(host, other_configuration(spec, number), f"new-{number}"), "ready"))
            cold.append(ready_seconds(project) * 1000)
    yield against("cluster ready, configuration used before, against qcluster", "ms", used, cold, 5)
    yield against("cluster ready, new configuration, against qcluster", "ms", new, cold, 1)


def other_configuration(spec: LabSpec, number: int) -> LabSpec:
    settings: dict[str, Any] = {**spec.settings, "Q_CLUSTER": {**spec.settings["Q_CLUSTER"], "recycle": 600 + number}}
    return replace(spec, settings=settings)


def whole_lesson(rounds: int) -> Iterator[Figure]:
    """The lesson from the request of its lab to its end, against a cold cluster and a process that runs the program."""
    spec = default_spec(measured_lesson())
    ours, cold = [], []
    with lab_host() as host, plain_project(spec) as project:
        run(host, spec, "first")
        for number in range(rounds):
            ours.append(milliseconds(*run(host, spec, f"run-{number}"), "ended"))
            cold.append(lesson_seconds(project) * 1000)
    yield against("whole lesson, against qcluster and the program", "ms", ours, cold)


def memory(rounds: int) -> Iterator[Figure]:
    """The memory of a lab (USS), all its processes together, while a worker executes its task."""
    spec = replace(default_spec(measured_lesson()), program=SLEEPING, gates=())
    values: list[float] = []
    with lab_host() as host:
        for number in range(rounds):
            with host.open(spec, f"memory-{number}") as lab:
                at_work = (batch for batch in lab if any(each.kind == "started" for each in batch))
                values.extend(uss_mib(lab.supervisor) for _ in at_work)
    yield below("memory of a lab at work (USS)", "MiB", values, 40)


def uss_mib(supervisor: int) -> float:
    root = psutil.Process(supervisor)
    return sum(each.memory_full_info().uss for each in [root, *root.children(recursive=True)]) / MIB


def gate(rounds: int) -> Iterator[Figure]:
    """How long the program waits until its result is stored, with two labs at once and every core busy."""
    spec = default_spec(measured_lesson())
    with busy_cores(), lab_host() as host, threads(2) as pool:
        runs = list(pool.map(lambda number: run(host, spec, str(number))[1], range(rounds)))
    yield plain("time at a gate, every core busy", "ms", [wait for each in runs for wait in gates_ms(each)])


def gates_ms(observations: list[Observation]) -> list[float]:
    """Return how long a process waited at each gate of a run."""
    return [each.payload["waited_ns"] / 1e6 for each in observations if each.kind == "gate"]


@contextmanager
def lab_host() -> Iterator[LabHost]:
    """Yield a host of labs with a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        host = LabHost(Path(folder))
        try:
            yield host
        finally:
            host.close()


def run(host: LabHost, spec: LabSpec, name: str) -> tuple[int, list[Observation]]:
    """Run a lab; return when it was requested (monotonic nanoseconds) and its observations."""
    began = time.monotonic_ns()
    with host.open(spec, name) as lab:
        return began, [each for batch in lab for each in batch]


def milliseconds(began: int, observations: list[Observation], kind: str) -> float:
    """Return the time from `began` (monotonic nanoseconds) to the first observation of `kind`."""
    return next((each.at - began) / 1e6 for each in observations if each.kind == kind)
