"""Tracebacks without the frames of a lab's observers.

Interventions and postponed timeouts are raised in an observer, in the middle of the task. The traceback that django-q2
stores must look as if the task itself had been interrupted.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType

TUTOR = Path(__file__).parents[3]
HIDDEN = (f"{TUTOR}/labs/inside/", f"{TUTOR}/protocol/")
"""The folders whose frames are omitted: the part of this project that labs use."""


def formatted(error: BaseException) -> str:
    """Return `error` with its traceback, as `traceback.format_exception` does, without the observers' frames."""
    whole = traceback.TracebackException.from_exception(error, compact=True)
    part: traceback.TracebackException | None = whole
    raised: BaseException | None = error
    while part is not None and raised is not None:
        part.stack = traceback.StackSummary.from_list(kept_frames(part.stack, raised.__traceback__))
        use_cause = part.__cause__ is not None
        part = part.__cause__ if use_cause else part.__context__
        raised = raised.__cause__ if use_cause else raised.__context__
    return "".join(whole.format())


def kept_frames(stack: traceback.StackSummary, entry: TracebackType | None) -> list[traceback.FrameSummary]:
    """Return the frames of `stack` that aren't an observer's. `entry` is the traceback that `stack` was made from.

    Python 3.11 lists a frame twice if its trace function raised an exception. The second entry is omitted.
    """
    kept: list[traceback.FrameSummary] = []
    before = None
    for summary in stack:
        frame = entry.tb_frame if entry else None
        if not summary.filename.startswith(HIDDEN) and (frame is None or frame is not before):
            kept.append(summary)
        before = frame
        entry = entry.tb_next if entry else None
    return kept


def format_exc() -> str:
    """Return the current exception, formatted. Replaces `traceback.format_exc` in django-q2's worker."""
    error = sys.exc_info()[1]
    assert error is not None
    return formatted(error)


def last_line(error: BaseException) -> str:
    """Return the last line of the traceback of `error`, such as "ValueError: math domain error"."""
    return traceback.format_exception_only(error)[-1].strip()
