"""Tracing without a lab."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.labs.inside.observe.probe import probe
from tutor.labs.inside.observe.tracer import Tracer

Lines = list[tuple[int | None, int | None]]
"""For each line event: the line that has run, and the one that runs next."""


class Traced:
    """Runs programs, and keeps the line events."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tracer = Tracer()
        self.tracer.watch(folder / "program.py", folder / "files")
        self.events: list[dict[str, Any]] = []

    def run(self, program: str, file: str = "program.py") -> None:
        code = compile(textwrap.dedent(program).lstrip("\n"), str(self.folder / file), "exec")
        before = self.tracer.begin()
        try:
            exec(code, {"__name__": "__main__"})
        finally:
            sys.settrace(before)

    def lines(self, function: str = "<module>") -> Lines:
        return [(each["ran"], each["line"]) for each in self.events if each["function"] == function]

    def returned(self, function: str) -> str | None:
        """What `function` is said to have returned; None if it isn't."""
        (left,) = [each for each in self.events if each["function"] == function and each["line"] is None]
        return left.get("returned")


@pytest.fixture
def traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traced]:
    traced = Traced(tmp_path)
    monkeypatch.setattr(probe, "emit", lambda kind, payload: traced.events.append(payload))
    before = sys.gettrace()
    yield traced
    assert sys.gettrace() == before
