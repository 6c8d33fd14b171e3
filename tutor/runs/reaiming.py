"""Aiming interventions again for a run with other knobs, one of which may choose another function for a task."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.lessons.lesson import Lesson
from tutor.lessons.program import SourceFile


def reaimed(
    stored: Sequence[Mapping[str, Any]], lesson: Lesson, before: Mapping[str, Any], now: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the interventions of a run with the knobs `before`, as it stores them, for a run with the knobs `now`.

    An intervention in a function that a knob chose is done in the function that it chooses now: at the line with the
    same code if that function has one, or else where it was, so that it isn't done at all.
    """
    changed = {str(before[name]): str(value) for name, value in now.items() if before.get(name, value) != value}
    return [in_function(each, lesson, changed) for each in stored]


def in_function(stored: Mapping[str, Any], lesson: Lesson, changed: Mapping[str, str]) -> dict[str, Any]:
    """Return an intervention with its task's function, and its line there, replaced as `changed` says."""
    func = (stored.get("subject") or {}).get("func", "")
    if func not in changed:
        return dict(stored)
    where = stored["at"]["where"]
    if where and where["function"] == func.rpartition(".")[2]:
        where = next(same_line(lesson, where, changed[func]), where)
    return {**stored, "at": {**stored["at"], "where": where}, "subject": {**stored["subject"], "func": changed[func]}}


def same_line(lesson: Lesson, where: Mapping[str, Any], func: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of the function `func`, such as "shop.tasks.book", that have the code of the line at `where`."""
    module, _, name = func.rpartition(".")
    file = f"{module.replace('.', '/')}.py"
    if file not in lesson.files or where["file"] not in lesson.files:
        return
    code = SourceFile(lesson.files[where["file"]]).lines[where["line"] - 1].strip()
    source = SourceFile(lesson.files[file])
    for node in ast.parse(source.text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                if line in source.running and source.lines[line - 1].strip() == code:
                    yield {"file": file, "line": line, "function": name}
