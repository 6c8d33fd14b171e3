"""Tracebacks as they would be without the lab: the frames of its observers are left out.

An intervention, or a timeout that came while something was observed, is raised in the middle of the task from within
an observer. What django-q2 stores must look as if the task itself had been interrupted.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

OURS = f"{Path(__file__).parents[1]}/"


def formatted(error: BaseException) -> str:
    """`error` with its traceback, as `traceback.format_exception` would write it but for the lab's own frames."""
    told = traceback.TracebackException.from_exception(error, compact=True)
    part: traceback.TracebackException | None = told
    raised: BaseException | None = error
    while part is not None and raised is not None:
        part.stack = traceback.StackSummary.from_list(kept_frames(part.stack, raised.__traceback__))
        use_cause = part.__cause__ is not None
        part = part.__cause__ if use_cause else part.__context__
        raised = raised.__cause__ if use_cause else raised.__context__
    return "".join(told.format())


def kept_frames(stack: traceback.StackSummary, entry: TracebackType | None) -> list[traceback.FrameSummary]:
    """The frames of `stack`, which was made from `entry` on, without ours.

    Python 3.11.2 enters a frame twice that a trace function raised in; the second entry is of the same frame.
    """
    kept: list[traceback.FrameSummary] = []
    before = None
    for summary in stack:
        frame = entry.tb_frame if entry else None
        if not summary.filename.startswith(OURS) and (frame is None or frame is not before):
            kept.append(summary)
        before = frame
        entry = entry.tb_next if entry else None
    return kept


def format_exc() -> str:
    """The exception that is being handled, for django-q2's worker in place of `traceback.format_exc`."""
    error = sys.exc_info()[1]
    assert error is not None
    return formatted(error)
