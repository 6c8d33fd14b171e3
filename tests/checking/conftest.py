from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tutor.checking.case_runs import Keeping, Runs
from tutor.checking.new_lesson import make_lesson
from tutor.labs.host.lab_host import LabHost
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load


@pytest.fixture(scope="session")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeping]:
    """Labs, and a folder that their runs are kept in for the whole session."""
    host = LabHost(tmp_path_factory.mktemp("labs"))
    yield Keeping(host, tmp_path_factory.mktemp("kept"))
    host.close()


@dataclass
class Checked:
    """A new lesson, as `lessons new` writes it, with the runs of its cases."""

    folder: Path
    lesson: Lesson
    runs: Runs

    def said_instead(self, old: str, new: str, file: str = "lesson.toml") -> Lesson:
        """The lesson with the only `old` in `file` replaced by `new`; its runs stay as they are."""
        path = self.folder / file
        before = path.read_text()
        assert before.count(old) == 1, f"“{old}” stands {before.count(old)} times in {file}"
        path.write_text(before.replace(old, new))
        try:
            return load(self.folder)
        finally:
            path.write_text(before)

    def line(self, text: str, file: str = "lesson.toml") -> int:
        """The line that `text` first stands in."""
        return next(n for n, line in enumerate((self.folder / file).read_text().splitlines(), 1) if text in line)


@pytest.fixture(scope="session")
def checked(keeping: Keeping, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = make_lesson("my-first", tmp_path_factory.mktemp("own"))
    lesson = load(folder)
    return Checked(folder, lesson, keeping.runs([lesson], anew=True))
