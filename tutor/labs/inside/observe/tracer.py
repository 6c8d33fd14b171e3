"""Line by line: the program's and the lesson's own files, and nothing else.

A line event comes *before* its line runs, so each one also says which line of the same frame has just run; the frame's
return says it of the last one.
"""

from __future__ import annotations

import dis
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from tutor.labs.inside import probe
from tutor.protocol.limits import FULL_HITS

from . import alarms
from .values import names, text

YIELD = dis.opmap["YIELD_VALUE"]
"""Where a frame is left to be come back to; Python tells that as a return too."""

trace_again = alarms.Pending(signal.SIGURG)

_program = ""
_files = ""
_hits: Counter[tuple[str, int | str]] = Counter()
_task: str | None = None


def watch(program: Path, files: Path) -> None:
    """Trace the file `program` and the files below `files` from now on, in whatever process calls `begin`."""
    global _program, _files
    _program, _files = str(program), f"{files}/"


def begin(task: str | None = None) -> tuple[Any, str | None]:
    """Trace this process; returns what `end` needs to have it as before.

    Under `sync=True` the worker's code runs in the middle of the traced caller, which goes on afterwards.
    """
    global _task  # noqa: PLW0603
    before = sys.gettrace(), _task
    _task = task
    sys.settrace(trace)
    return before


def end(before: tuple[Any, str | None]) -> None:
    """Trace as before."""
    global _task
    tracer, _task = before
    sys.settrace(tracer)


@alarms.undisturbed
def trace(frame: FrameType, event: str, arg: Any) -> Any:
    """The global trace function: asked at each new frame, and each that goes on after a yield, whether to follow it."""
    if isinstance(frame.f_trace, FrameTracer):
        return frame.f_trace
    file = relative(frame.f_code.co_filename)
    if file is None or (frame.f_code.co_name.startswith("<") and frame.f_code.co_name != "<module>"):
        return None
    return FrameTracer(file)


def relative(path: str) -> str | None:
    """The lesson's name for the file at `path`; None for a file that isn't the lesson's."""
    if path == _program:
        return "program.py"
    return path.removeprefix(_files) if path.startswith(_files) else None


class FrameTracer:
    """The local trace function of one frame."""

    __slots__ = ("file", "raised", "ran")

    def __init__(self, file: str) -> None:
        self.file = file
        self.ran: int | None = None
        self.raised = False
        """Whether an exception is on its way through the frame."""

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> FrameTracer:
        try:
            self.follow(frame, event, arg)
        except BaseException:
            Again(frame, self)
            trace_again.now  # noqa: B018
            raise
        return self

    def follow(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "line":
            self.raised = False
            self.tell(frame, frame.f_lineno, {})
            self.ran = frame.f_lineno
        elif event == "exception":
            self.raised = True
        elif event == "return" and (self.raised or not is_left_for_a_while(frame)):
            told = not self.raised and frame.f_code.co_name != "<module>"
            self.tell(frame, None, {"returned": text(arg)} if told else {})

    def tell(self, frame: FrameType, line: int | None, more: dict[str, Any]) -> None:
        function = frame.f_code.co_name
        key = self.file, line or function
        _hits[key] += 1
        hits = _hits[key]
        payload = {"file": self.file, "line": line, "ran": self.ran, "function": function, "hits": hits}
        if hits <= FULL_HITS or hits & (hits - 1) == 0:
            more = {**more, "task": _task} if _task else more
            probe.emit("line", {**payload, "locals": names(frame.f_locals), **more})
        else:
            probe.stop_at("line", payload)


def is_left_for_a_while(frame: FrameType) -> bool:
    """Whether `frame`, which is being left, only waits: a generator's at a yield, a coroutine's at an await."""
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == YIELD


class Again:
    """Takes the tracing up again, which Python gives up when a trace function raises, as soon as the frame goes on.

    Only the intervention “raise” does that: it is raised at a line, out of the tracer of that line's frame.
    """

    def __init__(self, frame: FrameType, tracer: FrameTracer) -> None:
        self.frame, self.tracer = frame, tracer
        self.before = signal.signal(signal.SIGURG, self.trace)

    def trace(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGURG, self.before)
        sys.settrace(trace)
        self.frame.f_trace = self.tracer
