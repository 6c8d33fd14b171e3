"""Runs of cases, side by side, kept in files: a run is made again only if what goes into its lab is another."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tutor.labs.host.lab_host import LabHost
from tutor.lessons.format.cases import DEFAULT, Case
from tutor.lessons.lesson import Lesson
from tutor.runs.execution import execute, intervention, lab_spec
from tutor.runs.models import Event, Run
from tutor.trace.model import Trace
from tutor.trace.projector import project

LABS = Path(__file__).parent.parent / "labs"
SIDE_BY_SIDE = 3 * (os.cpu_count() or 1)
"""Labs at a time: they mostly wait."""


@dataclass(slots=True)
class KeptEvent:
    """An event as the trace reads it, from a file."""

    number: int
    kind: str
    lane: str
    pid: int
    at: int
    payload: dict[str, Any]


@dataclass(frozen=True)
class CaseRun:
    """The run of one case of a lesson."""

    lesson: Lesson
    case: Case
    trace: Trace

    @property
    def title(self) -> str:
        """What a report calls it."""
        return f"{self.lesson.slug}/{self.case.name}"


Runs = Mapping[tuple[str, str], CaseRun]
"""(slug, case) → its run."""


class Keeping:
    """Makes runs in labs of `host` and keeps them below `folder`."""

    def __init__(self, host: LabHost, folder: Path) -> None:
        self.host, self.folder = host, folder
        folder.mkdir(parents=True, exist_ok=True)

    def runs(self, lessons: Iterable[Lesson], *, anew: bool, side_by_side: int = SIDE_BY_SIDE) -> Runs:
        """The runs of all cases of `lessons`; `anew` makes them even where they are kept."""
        wanted = [(lesson, case) for lesson in lessons for case in cases_of(lesson)]
        with ThreadPoolExecutor(side_by_side) as pool:
            made = list(pool.map(lambda each: self.run(*each, anew=anew), wanted))
        return {(each.lesson.slug, each.case.name): each for each in made}

    def run(self, lesson: Lesson, case: Case, *, anew: bool) -> CaseRun:
        """The run of one case."""
        knobs = lesson.case_knobs(case)
        done = [intervention(each) for each in case.interventions]
        run = Run(lesson=lesson.slug, knobs=knobs, interventions=[each.to_json() for each in done])
        path = self.folder / f"{key_of(lab_spec(lesson, knobs, done))}.json"
        if not anew and path.exists():
            return CaseRun(lesson, case, project(lesson, read(path)))
        events: list[Event] = []
        execute(run, lesson, self.host, store=events.extend)
        write(path, events)
        return CaseRun(lesson, case, project(lesson, events))


def cases_of(lesson: Lesson) -> Iterator[Case]:
    """A lesson's cases, its own run first."""
    yield lesson.case(DEFAULT)
    yield from (case for case in lesson.content.cases if case.name != DEFAULT)


def key_of(spec: Any) -> str:
    """What a run depends on, as a short text: its lab's inputs, the lab's code, django-q2."""
    written = json.dumps(asdict(spec), sort_keys=True, default=str)
    return hashlib.sha256(f"{written}{code_of_labs()}".encode()).hexdigest()[:24]


@cache
def code_of_labs() -> str:
    code = hashlib.sha256(version("django-q2").encode())
    for path in sorted(LABS.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def read(path: Path) -> list[KeptEvent]:
    return [KeptEvent(*each) for each in json.loads(path.read_text())]


def write(path: Path, events: Iterable[Event]) -> None:
    """Keep a run; whoever reads meanwhile sees the whole of it or of the one before."""
    new = path.with_suffix(f".{os.getpid()}-{id(events)}.new")
    new.write_text(json.dumps([[e.number, e.kind, e.lane, e.pid, e.at, e.payload] for e in events]))
    new.replace(path)
