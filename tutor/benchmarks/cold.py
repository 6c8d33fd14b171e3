"""A cold cluster, started as django-q2's users start it: the comparison for labs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.labs.plain.plain_project import PlainProject
from tutor.protocol.lab_spec import LabSpec

from .lesson import waiting_line


@contextmanager
def plain_project(spec: LabSpec) -> Iterator[PlainProject]:
    """Yield a plain project with the program and settings of `spec` in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-", ignore_cleanup_errors=True) as folder:
        yield PlainProject(Path(folder), spec)


def ready_seconds(project: PlainProject) -> float:
    """Start a cold cluster; return how long it takes until it is running."""
    with project.cluster() as seconds:
        return seconds


def lesson_seconds(project: PlainProject) -> float:
    """Start a cold cluster and run the program to its end; return how long both take together."""
    project.migrate()
    began = time.monotonic()
    with project.cluster():
        if project.run_program(waiting_line(project.spec)):
            raise RuntimeError("The program failed in the plain project.")
        return time.monotonic() - began
