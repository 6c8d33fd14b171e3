"""The line events of the lesson's files. They are recorded only where a gate or an intervention names one."""

import sys
from pathlib import Path

from django.conf import settings

from .breakpoints import reach


def start(lane):
    """Trace the lesson's lines in this process from now on."""
    if settings.CONDUCTOR["lines"]:
        sys.settrace(line_tracer(lane))


def stop():
    sys.settrace(None)


def line_tracer(lane):
    """Return a trace function that reaches a `line` event before each line of the lesson's files runs."""
    last_lines = {}

    def on_call(frame, event, arg):
        return on_line if file_of(frame) else None

    def on_line(frame, event, arg):
        if event in ("line", "return"):
            line = frame.f_lineno if event == "line" else None
            ran = last_lines.get(frame)
            reach("line", lane, file=file_of(frame), line=line, ran=ran, function=frame.f_code.co_name)
            last_lines[frame] = frame.f_lineno
        if event == "return":
            del last_lines[frame]
        return on_line

    return on_call


def file_of(frame):
    """Return the lesson's file that `frame` is in, as events name it; None for other files."""
    path = Path(frame.f_code.co_filename)
    if not path.is_relative_to(settings.BASE_DIR):
        return None
    name = str(path.relative_to(settings.BASE_DIR))
    return name if name in settings.CONDUCTOR["files"] else None
