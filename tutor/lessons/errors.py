"""Errors in lessons, and the form of their messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake in a lesson's folder."""

    file: str
    """Its path within the lesson's folder, such as "lesson.toml"."""
    line: int
    """From 1; 1 if the mistake isn't in a particular line."""
    message: str
    """What is wrong, and what is allowed."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class LessonError(Exception):
    """A lesson's folder has mistakes."""

    def __init__(self, slug: str, problems: Iterable[Problem]) -> None:
        self.slug = slug
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(f"{slug}/{problem}" for problem in self.problems))


class UnknownLesson(LookupError):
    """No lesson with this slug can be shown."""

    def __init__(self, slug: str, problems: tuple[Problem, ...] = ()) -> None:
        self.slug = slug
        self.problems = problems
        """The mistakes in the lesson's folder; () if there is no such folder."""
        super().__init__(f'the lesson "{slug}" has mistakes' if problems else f'unknown lesson "{slug}"')


def unknown(what: str, name: str, known: Iterable[str], *, owner: str = "") -> str:
    """Return the message for a name that isn't one of `known`, such as `unknown step "x" (known: a, b)`.

    With an owner: `unknown field "x" of "stored" (known: a, b)`.
    """
    of_owner = f' of "{owner}"' if owner else ""
    return f'unknown {what} "{name}"{of_owner} (known: {", ".join(known) or "none"})'
