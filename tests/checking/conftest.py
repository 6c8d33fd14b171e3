from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tutor.checking.case_runs import CaseRun, CaseRunner, Runs
from tutor.checking.new_lesson import make_lesson
from tutor.labs.host.lab_host import LabHost
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load
from tutor.trace.projector import project


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseRunner]:
    """A runner whose labs and kept runs last for the session."""
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield CaseRunner(host, tmp_path_factory.mktemp("kept"))
    host.close()


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
def checked(runner: CaseRunner, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = make_lesson("my-first", tmp_path_factory.mktemp("own"))
    lesson = load(folder)
    return Checked(folder, lesson, runner.runs([lesson], refresh=True))
