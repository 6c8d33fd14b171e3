"""Line events of the program and of the lesson's own files.

Python sends a line event *before* the line runs, so each event also names the line of the same frame that has just run.
The event for the frame's return names the last line.
"""

from __future__ import annotations

import dis
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from tutor.protocol.limits import FULL_HITS, STACK

from . import alarms
from .comprehensions import inlined
from .probe import probe
from .values import names, text

RETURNS = {dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap}
YIELD, RESUME = dis.opmap["YIELD_VALUE"], dis.opmap["RESUME"]


class Tracer:
    """Traces a process while it runs the lesson's code. Until `watch` is called, it traces no files."""

    def __init__(self) -> None:
        self.program = ""
        self.files = ""
        self.hits: Counter[tuple[str, int | str]] = Counter()
        """File and line, or file and function for a return → number of hits in this process."""
        self.names: dict[str, str | None] = {}
        """Path of a file → the lesson's name for it; None for other files. Each line looks through its whole stack."""

    def watch(self, program: Path, files: Path) -> None:
        """Trace the file `program` and the files below `files`, in this process and its forks."""
        self.program, self.files = str(program), f"{files}/"
        self.names.clear()

    def begin(self) -> Any:
        """Start to trace this process; return the previous trace function, for `sys.settrace`.

        Under `sync=True` a task runs inside the traced caller, which is traced again afterwards.
        """
        before = sys.gettrace()
        sys.settrace(self.trace)
        return before

    @alarms.undisturbed
    def trace(self, frame: FrameType, event: str, arg: Any) -> FrameTracer | None:
        """Decide whether to trace `frame`, which starts or resumes after a yield. This is the global trace function."""
        if isinstance(frame.f_trace, FrameTracer):
            return frame.f_trace
        file = self.followed(frame)
        return None if file is None else FrameTracer(self, file, inlined(frame.f_code))

    def stack_below(self, frame: FrameType) -> dict[str, Any]:
        """Return the fields `stack` and `depth`: the lesson's own frames that wait for `frame`, the nearest first.

        They aren't there if no frame of the lesson waits for it.
        """
        below: list[tuple[str, str, int]] = []
        depth = 0
        while (caller := frame.f_back) is not None:
            frame = caller
            file = self.followed(frame)
            if file is not None:
                depth += 1
                if depth <= STACK:
                    below.append((file, frame.f_code.co_name, frame.f_lineno))
        return {"stack": below, "depth": depth} if depth else {}

    def followed(self, frame: FrameType) -> str | None:
        """Return the lesson's name for the file of `frame`; None if the frame isn't traced."""
        code = frame.f_code
        try:
            file = self.names[code.co_filename]
        except KeyError:
            file = self.names[code.co_filename] = self.name_of(code.co_filename)
        return None if file is None or (code.co_name.startswith("<") and code.co_name != "<module>") else file

    def name_of(self, path: str) -> str | None:
        """Return the lesson's name for the file at `path`; None for other files."""
        if path == self.program:
            return "program.py"
        return path.removeprefix(self.files) if path.startswith(self.files) else None

    def report(self, payload: dict[str, Any], frame: FrameType, more: dict[str, Any]) -> None:
        """Send a line event. After `FULL_HITS` hits of a line, skip those whose number isn't a power of two."""
        key = payload["file"], payload["line"] or payload["function"]
        self.hits[key] += 1
        hits = payload["hits"] = self.hits[key]
        is_sent = hits <= FULL_HITS or hits & (hits - 1) == 0
        if not is_sent and not probe.breakpoints:
            return  # Most lines of a long loop end here.
        if is_sent:
            probe.emit("line", {**payload, "locals": names(frame.f_locals), **self.stack_below(frame), **more})
        else:
            probe.stop_at("line", probe.with_task("line", {**payload, **more}))


tracer = Tracer()
"""The tracer of this process."""
trace_again = alarms.RaisedLater(signal.SIGURG)


class FrameTracer:
    """The local trace function of one frame."""

    __slots__ = ("file", "inlined", "raised_at", "ran", "tracer")

    def __init__(self, tracer: Tracer, file: str, inlined: tuple[range, ...]) -> None:
        self.tracer, self.file, self.inlined = tracer, file, inlined
        self.ran: int | None = None
        self.raised_at: int | None = None
        """The offset of the last instruction in the current line that raised an exception, even if it was caught."""

    @alarms.undisturbed
    def __call__(self, frame: FrameType, event: str, arg: Any) -> FrameTracer:
        try:
            self.follow(frame, event, arg)
        except BaseException:
            Resumption(frame, self)
            trace_again.now  # noqa: B018
            raise
        return self

    def follow(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "line":
            if self.inlined and any(frame.f_lasti in offsets for offsets in self.inlined):
                return
            self.raised_at = None
            self.report(frame, frame.f_lineno, {})
            self.ran = frame.f_lineno
        elif event == "exception":
            self.raised_at = frame.f_lasti
        elif event == "return":
            self.leave(frame, arg)

    def leave(self, frame: FrameType, value: Any) -> None:
        """Report that the frame has ended, unless it is suspended at a yield or an await.

        Python sends the same event for a return, an uncaught exception and a yield. The frame's last instruction
        distinguishes them. A yield that has raised, as in `generator.close()`, ends the frame too.
        """
        code, at = frame.f_code.co_code, frame.f_lasti
        if code[at] in RETURNS:
            has_value = frame.f_code.co_name != "<module>"
            self.report(frame, None, {"returned": text(value)} if has_value else {})
        elif not is_yield(code, at) or self.raised_at == at:
            self.report(frame, None, {})

    def report(self, frame: FrameType, line: int | None, more: dict[str, Any]) -> None:
        payload = {"file": self.file, "line": line, "ran": self.ran, "function": frame.f_code.co_name}
        self.tracer.report(payload, frame, more)


def is_yield(code: bytes, at: int) -> bool:
    """Return whether `code` yields at the offset `at`. From Python 3.13 on, `at` is the instruction after the yield."""
    return code[at] == YIELD or (code[at] == RESUME and at >= 2 and code[at - 2] == YIELD)


class Resumption:
    """Resumes tracing when the frame continues, because Python stops tracing when a trace function raises.

    Only the action "raise" causes this: it raises at a line, in the trace function of that line's frame.
    """

    def __init__(self, frame: FrameType, local: FrameTracer) -> None:
        self.frame, self.local = frame, local
        self.before = signal.signal(signal.SIGURG, self.resume)

    def resume(self, number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGURG, self.before)
        sys.settrace(self.local.tracer.trace)
        self.frame.f_trace = self.local
