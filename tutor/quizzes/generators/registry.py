"""The registry of generators: every module of this package that defines `questions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.quizzes.kinds.question import Question
from tutor.trace.model import Trace

Generator = Callable[[Lesson, Case, Trace], Iterator[Question]]
"""Yields the questions about a run of the case, with ids that are unique among all of its generators."""


@cache
def generators() -> Mapping[str, Generator]:
    """Return name of the module → generator, in alphabetical order."""
    package = __name__.rpartition(".")[0]
    modules = [import_module(f"{package}.{each.name}") for each in iter_modules(import_module(package).__path__)]
    return {each.__name__.rpartition(".")[2]: each.questions for each in modules if hasattr(each, "questions")}


def all_questions(lesson: Lesson, case: Case, trace: Trace) -> list[Question]:
    """Return what all generators ask about a run of the case."""
    return [each for generator in generators().values() for each in generator(lesson, case, trace)]
