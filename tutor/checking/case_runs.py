"""Runs of cases, made side by side and kept in files until something that they depend on changes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from inspect import getfile
from pathlib import Path

from tutor import protocol
from tutor.labs import host, inside
from tutor.labs.host.lab_host import LabHost
from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson
from tutor.protocol.lab_spec import LabSpec
from tutor.runs import causal_order, recorder, stored_rows
from tutor.runs.execution import execute, interventions_of, lab_spec
from tutor.runs.models import Event, Run
from tutor.trace.model import Trace
from tutor.trace.projector import project

LABS_AT_ONCE = 3 * (os.cpu_count() or 1)
"""The default number of labs at a time; labs mostly wait."""


@dataclass(frozen=True)
class CaseRun:
    """The run of one case of a lesson."""

    lesson: Lesson
    case: Case
    trace: Trace
    events: Sequence[Event]
    """In order of number, from 1."""

    @property
    def title(self) -> str:
        """Its name in reports."""
        return f"{self.lesson.slug}/{self.case.name}"


Runs = Mapping[tuple[str, str], CaseRun]
"""(slug, case) → its run."""


class CaseRunner:
    """Runs cases in labs of `host` and keeps the events of each run in a file in `folder`."""

    def __init__(self, host: LabHost, folder: Path) -> None:
        self.host, self.folder = host, folder
        folder.mkdir(parents=True, exist_ok=True)

    def runs(self, lessons: Iterable[Lesson], *, refresh: bool, labs: int = LABS_AT_ONCE) -> Runs:
        """Return the runs of all cases of `lessons`, at most `labs` of them made at a time.

        Kept runs are used unless `refresh` is true.
        """
        cases = [(lesson, case) for lesson in lessons for case in cases_of(lesson)]
        with ThreadPoolExecutor(labs) as pool:
            runs = list(pool.map(lambda each: self.run(*each, refresh=refresh), cases))
        return {(run.lesson.slug, run.case.name): run for run in runs}

    def run(self, lesson: Lesson, case: Case, *, refresh: bool) -> CaseRun:
        """Return the run of one case, a kept one unless `refresh` is true."""
        path = self.path(lesson, case)
        if refresh or not path.exists():
            write(path, self.execute(lesson, case))
        events = read(path)
        return CaseRun(lesson, case, project(lesson, events), events)

    def execute(self, lesson: Lesson, case: Case) -> list[Event]:
        """Run a case in a lab; return its events, which aren't saved."""
        run = Run(lesson=lesson.slug, knobs=lesson.case_knobs(case), interventions=interventions_of(case))
        events: list[Event] = []
        execute(run, lesson, self.host, store=events.extend)
        return events

    def path(self, lesson: Lesson, case: Case) -> Path:
        """Return the file for the run of a case: its name is a hash of everything that the run depends on."""
        spec = lab_spec(lesson, lesson.case_knobs(case), [rule.intervention for rule in case.interventions])
        return self.folder / f"{key_of(spec)}.json"

    def prune(self, lessons: Iterable[Lesson]) -> None:
        """Delete the kept runs that no case of `lessons` uses."""
        used = {self.path(lesson, case) for lesson in lessons for case in cases_of(lesson)}
        for path in set(self.folder.glob("*.json")) - used:
            path.unlink(missing_ok=True)


def cases_of(lesson: Lesson) -> Iterator[Case]:
    """Yield a lesson's cases, its default one first."""
    yield lesson.case(DEFAULT)
    yield from (case for case in lesson.content.cases if case.name != DEFAULT)


def key_of(spec: LabSpec) -> str:
    """Return a hash of everything that a run depends on: its lab's inputs, the lab's code, and django-q2."""
    inputs = json.dumps(asdict(spec), sort_keys=True, default=str)
    return hashlib.sha256(f"{inputs}{hash_of_code()}".encode()).hexdigest()[:24]


@cache
def hash_of_code() -> str:
    """Return a hash of the code between a lab's inputs and its events."""
    code = hashlib.sha256(version("django-q2").encode())
    for path in code_of_labs():
        code.update(path.read_bytes())
    return code.hexdigest()


def code_of_labs() -> list[Path]:
    """Return the files of that code, in order."""
    folders = [Path(getfile(package)).parent for package in (protocol, inside, host)]
    modules = [Path(getfile(module)) for module in (causal_order, recorder, stored_rows)]
    return sorted([*(path for folder in folders for path in folder.rglob("*.py")), *modules])


def read(path: Path) -> list[Event]:
    fields = ("number", "kind", "lane", "pid", "at", "payload")
    return [Event(**dict(zip(fields, values, strict=True))) for values in json.loads(path.read_text())]


def write(path: Path, events: Iterable[Event]) -> None:
    """Write a run's file atomically: readers see the whole new file or the whole previous one."""
    new = path.with_suffix(f".{os.getpid()}-{id(events)}.new")
    new.write_text(json.dumps([[e.number, e.kind, e.lane, e.pid, e.at, e.payload] for e in events]))
    new.replace(path)
