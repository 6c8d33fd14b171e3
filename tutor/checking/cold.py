"""The comparison with a cold cluster: a plain project under `manage.py qcluster` ends in the same state as the lab."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tutor.labs.plain.plain_project import PlainProject
from tutor.protocol.limits import ROWS
from tutor.runs.execution import lab_spec

from .case_runs import CaseRun

TIMEOUT_S = 40.0
"""How long a plain project may take to end in the same state."""
QUIET_S = 1.0
"""How long that state must last."""
ADDRESSES = r" at 0x[0-9a-f]+"
RESULT_CHARACTERS = 100


@dataclass(frozen=True)
class EndState:
    """The end state of a run: the parts that must be the same everywhere."""

    queued: int
    """Rows in the queue."""
    stored: int
    """Rows of tasks."""
    tasks: tuple[tuple[str, bool, int, str], ...]
    """(func, success, attempt_count, first line of the result) of each task, sorted; of many, those queued first."""
    executions: int
    printed: tuple[str, ...]
    """Lines, sorted, as the processes print independently of each other."""

    def differences(self, cold: EndState) -> Iterator[str]:
        """Yield a message for each field that differs from the state under a cold cluster."""
        others = asdict(cold)
        for name, value in asdict(self).items():
            if value != others[name]:
                yield f"{name}: {value} in the lab, {others[name]} under qcluster"


def compare(runs: Iterable[CaseRun]) -> Iterator[tuple[CaseRun, list[str]]]:
    """Run each of `runs` again in a plain project; yield it with the differences between the two end states."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(runs)
        for run, cold in zip(runs, pool.map(state_in_plain_project, runs), strict=True):
            yield run, list(state_in_lab(run).differences(cold))


def state_in_lab(run: CaseRun) -> EndState:
    """Return the end state of a run."""
    state, varies = run.trace.state, run.lesson.content.varies
    queued, stored = state.tables.get("OrmQ"), state.tables.get("Task")
    counts = queued.count if queued else 0, stored.count if stored else 0
    return end_state(counts, stored.rows if stored else (), len(run.trace.executions), state.printed, varies)


def state_in_plain_project(run: CaseRun) -> EndState:
    """Run the case of `run` in a plain project until it ends in the same state, or for TIMEOUT_S."""
    spec = lab_spec(run.lesson, run.lesson.case_knobs(run.case))
    with tempfile.TemporaryDirectory(prefix="plain-") as folder:
        project = PlainProject(Path(folder), spec, conducted=True)
        with project.cluster():
            return watch(project, state_in_lab(run), run.lesson.content.varies)


def watch(project: PlainProject, expected: EndState, varies: Sequence[str]) -> EndState:
    """Run the program; return `expected` once that state has lasted for QUIET_S, or the state after TIMEOUT_S.

    A lesson that ends its runs by a number of deliveries has no state that lasts.
    """
    program = project.start_program()
    deadline, reached = time.monotonic() + TIMEOUT_S, None
    while (now := time.monotonic()) < deadline:
        if program.poll() is None or state_of(project, varies) != expected:
            reached = None
        else:
            reached = reached or now
            if project.spec.deliveries or now - reached > QUIET_S:
                return expected
        time.sleep(0.1)
    return state_of(project, varies)


def state_of(project: PlainProject, varies: Sequence[str]) -> EndState:
    rows = project.rows()
    executions = sum(event["kind"] == "started" for event in project.events())
    counts = rows["OrmQ"], len(rows["Task"])
    printed = project.program_output + project.cluster_output
    return end_state(counts, rows["Task"][:ROWS], executions, printed, varies)


def end_state(
    counts: tuple[int, int], tasks: Iterable[Mapping[str, Any]], executions: int, printed: str, varies: Sequence[str]
) -> EndState:
    """Return the state with these numbers of rows in the queue and of tasks; `tasks` are at most `ROWS` of them.

    What the regular expressions `varies` match in results and output is left out.
    """
    differs = re.compile("|".join([ADDRESSES, *varies]))
    rows = [
        (str(task["func"]), bool(task["success"]), task["attempt_count"], first_line(task["result"], differs))
        for task in tasks
    ]
    lines = (line.rstrip() for line in differs.sub("", printed).splitlines())
    return EndState(*counts, tuple(sorted(rows)), executions, tuple(sorted(line for line in lines if line)))


def first_line(result: str, differs: re.Pattern[str]) -> str:
    """Return the part of a result that labs keep whole: its first line, without what differs from run to run."""
    return differs.sub("", result.split("\n", 1)[0].rstrip("…"))[:RESULT_CHARACTERS].rstrip()
