"""Checks of the names of tasks: a misspelt one is the name of no task, of which much is true that isn't meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from tutor.lessons.claims import ClaimSubject
from tutor.lessons.errors import unknown
from tutor.lessons.format.flow import SubjectKind
from tutor.lessons.lesson import Lesson
from tutor.lessons.templating import placeholders

from .case_runs import CaseRun

SPECIAL = ("none", "read")
"""What `about` may have that is no task's name."""


def unknown_tasks(lesson: Lesson, runs: Sequence[CaseRun]) -> Iterator[tuple[str, int, str, str]]:
    """Yield (file, line, statement, message) for each name of a task that no run of `lesson` has."""
    tasks = [task for run in runs for task in run.trace.histories.tasks.values()]
    known = {name for task in tasks for name in (task.id, *task.names)}
    shown = sorted({task.name for task in tasks})
    for file, line, statement, name in named_tasks(lesson):
        if name not in known and name.partition("#")[0].strip() not in known:
            yield file, line, statement, unknown("task", name, shown)


def named_tasks(lesson: Lesson) -> Iterator[tuple[str, int, str, str]]:
    """Yield (file, line, statement, name) for each name of a task in claims, variables and steps."""
    for claim in lesson.claims:
        yield from ((claim.file, claim.line, str(claim.subject), name) for name in names_in(claim.subject))
    for index, variable in enumerate(lesson.content.variables):
        if variable.task:
            line = lesson.lines.get(f"variables {index}", 1)
            yield "lesson.toml", line, f"the variable {variable.name}", variable.task
    for index, step in enumerate(lesson.content.steps):
        if step.about and step.about not in SPECIAL and not placeholders(step.about):
            yield "lesson.toml", lesson.lines.get(f"steps {index}", 1), f"the step {step.id}", step.about


def names_in(subject: ClaimSubject) -> Iterator[str]:
    """Yield the names of tasks in the argument of a claim."""
    match subject.kind:
        case "executions" if subject.argument:
            yield subject.argument
        case "overlap":
            yield from (name.strip() for name in subject.argument.split(","))
        case "token" if subject.argument not in get_args(SubjectKind):
            yield subject.argument.partition("/")[0]
