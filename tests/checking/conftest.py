from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tutor.checking.case_runs import CaseRun, CaseRunner, Runs
from tutor.checking.new_lesson import make_lesson
from tutor.labs.host.lab_host import LabHost
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load
from tutor.runs.references import prune_except
from tutor.trace.projector import project


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have a database made for the runs of the session, even if no test of it asks for one itself."""
    for item in items:
        if "runs_of" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseRunner]:
    """A runner whose labs last for the session. It needs a database in which transactions are real."""
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield CaseRunner(host)
    host.close()


RunsOf = Callable[[Iterable[Lesson]], Runs]


@pytest.fixture(scope="session")
def runs_of(runner: CaseRunner, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> RunsOf:
    """A function that returns new runs of all cases of some lessons, for several tests; the database keeps none."""

    def runs_of(lessons: Iterable[Lesson]) -> Runs:
        with django_db_blocker.unblock():
            try:
                return runner.runs(lessons, labs=4)
            finally:
                prune_except(())

    return runs_of


@dataclass
class Checked:
    """A new lesson, as `lessons new` writes it, with the runs of its cases."""

    folder: Path
    lesson: Lesson
    runs: Runs

    def with_text(self, old: str, new: str, file: str = "lesson.toml") -> Lesson:
        """The lesson with the only `old` in `file` replaced by `new`; the runs stay as they are."""
        path = self.folder / file
        original = path.read_text()
        assert original.count(old) == 1, f"“{old}” is in {file} {original.count(old)} times"
        path.write_text(original.replace(old, new))
        try:
            return load(self.folder)
        finally:
            path.write_text(original)

    def projected(self, lesson: Lesson, case: str) -> CaseRun:
        """The run of a case as another version of its lesson shows it."""
        run = self.runs["my-first", case]
        return replace(run, lesson=lesson, trace=project(lesson, run.events))

    def line(self, text: str, file: str = "lesson.toml") -> int:
        """The number of the first line of `file` with `text`."""
        return next(n for n, line in enumerate((self.folder / file).read_text().splitlines(), 1) if text in line)


@pytest.fixture(scope="session")
def checked(runs_of: RunsOf, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = make_lesson("my-first", tmp_path_factory.mktemp("own"))
    lesson = load(folder)
    return Checked(folder, lesson, runs_of([lesson]))
