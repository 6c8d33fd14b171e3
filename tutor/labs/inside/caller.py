"""The caller: the process that runs the lesson's program, as its own `__main__`."""

from __future__ import annotations

import os
import sys
import traceback
import types
from pathlib import Path

from . import probe
from .observe import tracer
from .observe.tracebacks import formatted
from .observe.values import bounded, names


def run(program: str, path: Path, ready: int) -> None:
    """Run `program` (its text), whose file is `path`, once the cluster runs: when a byte comes through `ready`."""
    probe.enter("caller")
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
        error = tell_raised(raised)
    else:
        tracer.end(before)
    sys.stdout.flush()
    sys.stderr.flush()
    probe.emit("program_ended", {"error": error, "locals": names(vars(module))})


def tell_raised(raised: BaseException) -> str:
    """Send `raised` with its traceback, from the program's own first frame on; returns its last line."""
    error = bounded(traceback.format_exception_only(raised)[-1].rstrip())
    probe.emit("raised", {"error": error, "traceback": bounded(formatted(raised))})
    return error
