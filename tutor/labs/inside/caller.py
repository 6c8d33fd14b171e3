"""The caller: the process that runs the lesson's program as its `__main__`."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path

from tutor.protocol.lanes import Lane

from .observe import output
from .observe.probe import probe
from .observe.tracebacks import formatted, last_line
from .observe.tracer import tracer
from .observe.values import bounded, names, text


def run(program: str, path: Path, ready: int, clusters: int) -> None:
    """Run the source text `program`, whose file is `path`, once all of the `clusters` (a number) are running.

    Each of them writes one byte to the descriptor `ready`. If it is closed before that, the program doesn't run.
    """
    output.enter(Lane.CALLER)
    if not all(os.read(ready, 1) for _ in range(clusters)):
        return
    os.close(ready)
    sys.argv = [path.name]
    sys.path.insert(0, str(path.parent))
    module = types.ModuleType("__main__")
    vars(module).update(__file__=str(path), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    raised = execute(program, path, module)
    error = None
    if isinstance(raised, SystemExit):
        error = exit_error(raised)
    elif raised is not None:
        error = bounded(last_line(raised))
        probe.emit("raised", {"error": error, "traceback": bounded(formatted(raised))})
    output.flush()
    probe.emit("program_ended", {"error": error, "locals": names(vars(module))})


def exit_error(raised: SystemExit) -> str | None:
    """Return why the program has exited; None without an error. Its exit code can be any object."""
    if not raised.code:
        return None
    try:
        return bounded(f"SystemExit: {raised.code}")
    except Exception:
        return f"SystemExit: {text(raised.code)}"


def execute(program: str, path: Path, module: types.ModuleType) -> BaseException | None:
    """Execute `program` in `module`, traced; return the exception that it ended with, if any."""
    before = tracer.begin()
    try:
        exec(compile(program, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102
    except BaseException as raised:
        return raised
    finally:
        sys.settrace(before)
    return None
