"""Line by line: the program's and the lesson's own files, and nothing else.

A line event comes *before* its line runs, so each one also says which line of the same frame has just run; the frame's
return says it of the last one.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from . import probe
from .limits import FULL_HITS
from .values import names, text

_program = ""
_files = ""
_hits: Counter[tuple[str, int | None]] = Counter()
_task: str | None = None


def watch(program: Path, files: Path) -> None:
    """Trace the file `program` and the files below `files` from now on, in whatever process calls `begin`."""
    global _program, _files
    _program, _files = str(program), f"{files}/"


def begin(task: str | None = None) -> Any:
    """Trace this process; returns the tracer that was there, for `end`."""
    global _task  # noqa: PLW0603
    before = sys.gettrace()
    _task = task
    sys.settrace(trace)
    return before


def end(before: Any) -> None:
    """Trace as before; under `sync=True` the worker's code runs in the middle of the traced caller."""
    sys.settrace(before)


def trace(frame: FrameType, event: str, arg: Any) -> Any:
    """The global trace function: asked at each new frame whether to follow it."""
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

    __slots__ = ("file", "ran")

    def __init__(self, file: str) -> None:
        self.file = file
        self.ran: int | None = None

    @probe.uninterrupted
    def follow(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "line":
            self.tell(frame, frame.f_lineno, {})
            self.ran = frame.f_lineno
        elif event == "return":
            self.tell(frame, None, {"returned": text(arg)} if frame.f_code.co_name != "<module>" else {})

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        self.follow(frame, event, arg)
        return self

    def tell(self, frame: FrameType, line: int | None, more: dict[str, Any]) -> None:
        _hits[self.file, line] += 1
        hits = _hits[self.file, line]
        payload = {"file": self.file, "line": line, "ran": self.ran, "function": frame.f_code.co_name, "hits": hits}
        if hits <= FULL_HITS or hits & (hits - 1) == 0:
            more = {**more, "task": _task} if _task else more
            probe.emit("line", {**payload, "locals": names(frame.f_locals), **more})
        else:
            probe.stop_at("line", payload)
