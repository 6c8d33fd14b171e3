from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.lessons.catalogue import CONTENT
from tutor.lessons.errors import LessonError
from tutor.lessons.lesson import Lesson
from tutor.lessons.reading.loading import load

TEST_LESSONS = Path(__file__).parent / "content"


class Folder:
    """A copy of a lesson that a test may change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def change(self, old: str, new: str, file: str = "lesson.toml") -> int:
        """Replace `old`, which occurs once in `file`, and return the line that it began on."""
        path = self.path / file
        text = path.read_text()
        assert text.count(old) == 1, f'"{old}" occurs {text.count(old)} times in {file}'
        path.write_text(text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def mistakes(self) -> list[str]:
        """Return what loading says, as file:line: message; [] if the lesson loads."""
        try:
            load(self.path)
        except LessonError as error:
            return [str(problem) for problem in error.problems]
        return []

    def message_after(self, old: str, new: str, file: str = "lesson.toml") -> str:
        """Replace `old`, and return the one message about the lines that have changed."""
        first = self.change(old, new, file)
        lines = [f"{file}:{line}: " for line in range(first, first + new.count("\n") + 1)]
        [mistake] = [each for each in self.mistakes() if each.startswith(tuple(lines))]
        return mistake.partition(": ")[2]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(TEST_LESSONS / "slow-count", tmp_path / "slow-count")))


@pytest.fixture
def first_folder(tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(CONTENT / "task-results-and-status", tmp_path / "task-results-and-status")))


@pytest.fixture(scope="session")
def first_lesson() -> Lesson:
    return load(CONTENT / "task-results-and-status")


@pytest.fixture(scope="session")
def slow_count() -> Lesson:
    return load(TEST_LESSONS / "slow-count")
