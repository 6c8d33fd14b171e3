"""The trace depends on its lesson and its events alone, and says nothing of how it is shown."""

from __future__ import annotations

import ast
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import tutor.trace
from tutor.trace.histories import Histories, TaskHistory
from tutor.trace.model import Trace
from tutor.trace.state import TraceState

HERE = Path(__file__).parent
MODULES = sorted(Path(tutor.trace.__file__).parent.glob("*.py"))
CALCULATING = {"__future__", "bisect", "collections", "dataclasses", "functools", "itertools", "re", "string", "typing"}
"""The modules of the standard library that read nothing: no clock, no file, no random number."""
NOT_ALWAYS_THE_SAME = {"id", "hash", "open", "input", "print", "eval", "exec", "gettext", "gettext_lazy", "_"}
TESTED_WITH = {"start": "variables", "state": "node", "histories": "tasks"}
"""Fields that are tested with others."""
POINTS = {"queued", "uncommitted", "rolled_back", "acknowledged", "deleted"}
VALUES = {"id", "label", "description", "number", "at_ms", *POINTS}
"""Fields that are tested wherever they are used."""


def imported(tree: ast.AST) -> set[str]:
    """Return the modules from outside the package that a module imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module))
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_trace_imports_nothing_that_could_make_two_traces_of_a_run_differ(module: Path) -> None:
    for name in imported(ast.parse(module.read_text())):
        package = name.partition(".")[0]
        assert package in CALCULATING or name.startswith(("tutor.lessons", "tutor.protocol")), name
        assert package in sys.stdlib_module_names or package == "tutor"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_trace_calls_nothing_that_differs_from_process_to_process(module: Path) -> None:
    calls = [each.func for each in ast.walk(ast.parse(module.read_text())) if isinstance(each, ast.Call)]
    assert NOT_ALWAYS_THE_SAME.isdisjoint(each.id for each in calls if isinstance(each, ast.Name))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_trace_knows_no_markup(module: Path) -> None:
    texts = [each.value for each in ast.walk(ast.parse(module.read_text())) if isinstance(each, ast.Constant)]
    for text in (each for each in texts if isinstance(each, str)):
        assert "</" not in text
        assert "class=" not in text


@pytest.mark.parametrize("kind", [TraceState, Trace, Histories, TaskHistory])
def test_each_field_has_a_file_of_tests(kind: type) -> None:
    for each in fields(kind):
        name = TESTED_WITH.get(each.name, each.name)
        assert name in VALUES or (HERE / f"test_{name}.py").exists(), name
