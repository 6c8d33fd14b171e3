"""Tracebacks as they would be without the lab: the frames of its observers are left out.

An intervention, or a timeout that came while something was observed, is raised in the middle of the task from within
an observer. What django-q2 stores must look as if the task itself had been interrupted.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

OURS = f"{Path(__file__).parent}/"


def formatted(error: BaseException) -> str:
    """`error` with its traceback, as `traceback.format_exception` would write it but for the lab's own frames."""
    told = traceback.TracebackException.from_exception(error, compact=True)
    part: traceback.TracebackException | None = told
    while part is not None:
        kept = [frame for frame in part.stack if not frame.filename.startswith(OURS)]
        part.stack = traceback.StackSummary.from_list(kept)
        part = part.__cause__ or part.__context__
    return "".join(told.format())


def format_exc() -> str:
    """The exception that is being handled, for django-q2's worker in place of `traceback.format_exc`."""
    error = sys.exc_info()[1]
    assert error is not None
    return formatted(error)
