"""The caller: the process that runs the lesson's program as its `__main__`."""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path

from tutor.protocol.lanes import Lane

from .observe.probe import probe
from .observe.tracebacks import formatted, last_line
from .observe.tracer import tracer
from .observe.values import bounded, names


def run(program: str, path: Path, ready: int) -> None:
    """Run `program` (its text), whose file is `path`, once a byte comes through the descriptor `ready`.

    If `ready` is closed instead, there is no cluster, and the program isn't run.
    """
    probe.enter(Lane.CALLER)
    if not os.read(ready, 1):
        return
    os.close(ready)
    sys.argv = [path.name]
    sys.path.insert(0, str(path.parent))
    module = types.ModuleType("__main__")
    vars(module).update(__file__=str(path), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    error = None
    before = tracer.begin()
    try:
        exec(compile(program, str(path), "exec", dont_inherit=True), vars(module))  # noqa: S102
    except SystemExit as ended:
        tracer.end(before)
        error = f"SystemExit: {ended.code}" if ended.code else None
    except BaseException as raised:
        tracer.end(before)
        error = bounded(last_line(raised))
        probe.emit("raised", {"error": error, "traceback": bounded(formatted(raised))})
    else:
        tracer.end(before)
    sys.stdout.flush()
    sys.stderr.flush()
    probe.emit("program_ended", {"error": error, "locals": names(vars(module))})
