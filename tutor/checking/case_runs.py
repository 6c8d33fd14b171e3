"""Runs of cases, made side by side. They are the site's reference runs: a check uses those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections

from tutor.labs.host.lab_host import LabHost
from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event
from tutor.runs.own_host import own_host
from tutor.runs.reference_batch import LABS_AT_ONCE
from tutor.runs.references import FIRST, Wanted, make, prune, reference
from tutor.trace.model import Trace
from tutor.trace.projector import project


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
    """Returns the first reference runs of cases, and makes those that are missing in labs of `host`."""

    def __init__(self, host: LabHost) -> None:
        self.host = host

    def runs(self, lessons: Iterable[Lesson], *, refresh: bool = False, labs: int = LABS_AT_ONCE) -> Runs:
        """Return one run of each case of `lessons`, as `repeated` does."""
        return self.repeated(lessons, 1, refresh=refresh, labs=labs)[0]

    def repeated(self, lessons: Iterable[Lesson], times: int, *, refresh: bool, labs: int) -> list[Runs]:
        """Return that many runs of all cases of `lessons`, at most `labs` of them made at a time.

        If `refresh` is true, all of them are made and replace those that are there. Runs of earlier versions of
        `lessons`, and those that were aborted, are deleted.
        """
        lessons = list(lessons)
        numbers = range(FIRST, FIRST + times)
        wanted = [Wanted(lesson, case, number) for number in numbers for lesson in lessons for case in lesson.cases]
        with ThreadPoolExecutor(labs) as pool:
            runs = list(pool.map(lambda each: self.run_in_thread(each, refresh=refresh), wanted))
        prune(lessons)
        made = list(zip(wanted, runs, strict=True))
        return [{(r.lesson.slug, r.case.name): r for each, r in made if each.number == number} for number in numbers]

    def run_in_thread(self, wanted: Wanted, *, refresh: bool) -> CaseRun:
        """Return the run of one case, and close the connections of the thread."""
        try:
            return self.run(wanted.lesson, wanted.case, wanted.number, refresh=refresh)
        finally:
            connections.close_all()

    def run(self, lesson: Lesson, case: Case, number: int = FIRST, *, refresh: bool = False) -> CaseRun:
        """Return the run of one case with that number; make it if there is none, or if `refresh` is true."""
        run = None if refresh else reference(lesson, case.name, number)
        if run is None:
            run, _ = make(Wanted(lesson, case, number), self.host, replace=refresh)
        events = list(run.events.order_by("number"))
        return CaseRun(lesson, case, project(lesson, events), events)


@contextmanager
def case_runner() -> Iterator[CaseRunner]:
    """Yield a runner with labs of this process."""
    with own_host() as host:
        yield CaseRunner(host)
