"""The problems of one lesson, collected while it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tutor.lessons.errors import LessonError, Problem
from tutor.lessons.key_path import KeyPath

from .toml_file import TomlFile

Mistake = tuple[KeyPath, str]
"""(path in a TOML file, message)."""


@dataclass
class Problems:
    """The problems found so far in the folder of the lesson `slug`."""

    slug: str
    found: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, message: str) -> None:
        self.found.append(Problem(file, line, message))

    def add_mistakes(self, file: TomlFile, mistakes: Iterable[Mistake]) -> None:
        for path, message in mistakes:
            self.add(file.name, file.positions.line(path), message)

    def error(self) -> LessonError:
        """Return the error that names all of them."""
        return LessonError(self.slug, self.found)
