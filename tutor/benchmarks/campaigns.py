"""Campaigns: one promise of labs, kept some hundred times while both cores are busy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from tutor.labs.host import LabHost
from tutor.labs.spec import Gate, Intervention, LabSpec, Observation, When
from tutor.runs.execution import lab_spec

from .labs import first_lesson, host, run

SPIN = "import os\nwhile os.getppid() != 1: sum(range(10000))"
"""Keeps a core busy, and ends with its parent."""
Check = Callable[[list[Observation]], str | None]
"""What deviates in a run, or None."""
CAMPAIGNS: dict[str, tuple[str, Callable[[], LabSpec], Check]] = {}


def campaign(name: str, says: str, spec: Callable[[], LabSpec]) -> Callable[[Check], Check]:
    """Register a check under `name`, with what it promises and how its runs are asked for."""

    def register(check: Check) -> Check:
        CAMPAIGNS[name] = (says, spec, check)
        return check

    return register


def default() -> LabSpec:
    lesson = first_lesson()
    return lab_spec(lesson, lesson.defaults)


def killed() -> LabSpec:
    return replace(default(), interventions=(Intervention(When("started"), "kill"),))


def never_opened() -> LabSpec:
    closed = Gate("never", When("line", lane="caller", where={"line": 7}), When("rolled_back"), bound_s=0.5)
    return replace(default(), gates=(closed,))


@campaign("kill", "a worker killed at `started` dies inside the task's function, and the task comes again", killed)
def inside_the_function(seen: list[Observation]) -> str | None:
    first = next(one for one in seen if one.kind == "started")
    theirs = [one.kind for one in seen if one.pid == first.pid and one.lane == "worker"]
    if theirs[-2:] != ["started", "intervened"]:
        return f"the worker's last events were {theirs[-3:]}"
    if not any(one.kind == "died" and one.payload["died_pid"] == first.pid for one in seen):
        return "nobody saw it die"
    deliveries = [one.payload["delivery"] for one in seen if one.kind == "started"]
    return None if deliveries == [1, 2] else f"the deliveries were {deliveries}"


@campaign("later", "the program that waits at “later” reads what was stored", default)
def reads_what_was_stored(seen: list[Observation]) -> str | None:
    ended = next((one for one in seen if one.kind == "program_ended"), None)
    told = ended.payload if ended else {"error": "it never ended", "locals": {}}
    right = {"result": "-1.0", "status": "True"}
    return None if told["locals"] == right else f"{told['error']}, {told['locals']}"


@campaign("expired", "a gate that is never answered ends the run after its bound, and says so", never_opened)
def ends_after_its_bound(seen: list[Observation]) -> str | None:
    last = [one.kind for one in seen][-2:]
    return None if last == ["gate_expired", "ended"] else f"it ended with {last}"


def carry_out(name: str, runs: int) -> tuple[list[str], list[float]]:
    """Do `runs` runs of a campaign, two at a time, with both cores busy.

    Returns what deviated, and the milliseconds that gates were waited at.
    """
    _, spec, check = CAMPAIGNS[name]
    asked = spec()
    deviations, waited = [], []
    with busy_cores(), host() as labs, ThreadPoolExecutor(2) as threads:
        for seen in threads.map(lambda number: observed(labs, asked, str(number)), range(runs)):
            if deviation := check(seen):
                deviations.append(deviation)
            waited += [one.payload["waited_ns"] / 1e6 for one in seen if one.kind == "gate"]
    return deviations, waited


def observed(labs: LabHost, spec: LabSpec, name: str) -> list[Observation]:
    return run(labs, spec, name)[1]


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy with something else meanwhile."""
    spinners = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(os.cpu_count() or 2)]
    try:
        yield
    finally:
        for each in spinners:
            each.kill()
            each.wait()
