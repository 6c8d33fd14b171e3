"""Errors in lessons, and in what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake in a lesson's folder."""

    file: str
    """Its path within the lesson's folder, such as "lesson.toml"."""
    line: int
    """From 1; 1 too where no line is to blame."""
    message: str
    """What is wrong and what would be right, in a sentence or two."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class LessonError(Exception):
    """A lesson's folder has mistakes."""

    def __init__(self, slug: str, problems: Iterable[Problem]) -> None:
        self.slug = slug
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{slug}/{problem}" for problem in self.problems))


class UnknownLesson(LookupError):
    """There is no lesson of that name to show."""

    def __init__(self, slug: str, problems: tuple[Problem, ...] = ()) -> None:
        self.slug = slug
        self.problems = problems
        """Not empty where the folder is there but has mistakes."""
        known = f"The lesson “{slug}” has mistakes." if problems else f"There is no lesson “{slug}”."
        super().__init__(known)
