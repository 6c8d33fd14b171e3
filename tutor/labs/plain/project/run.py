"""Run a lesson's program in a plain project, as a person would: in a process of its own, once the cluster runs.

    python run.py LINE

The program waits before its line LINE until a task's outcome is stored; with 1 it never waits. The line belongs to no
compound statement.
"""

import os
import sys
import time
import types

os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
import django

django.setup()
from django.conf import settings
from django.db import connections
from django_q.models import Task

PROGRAM = settings.BASE_DIR / "program.py"
OUTCOME_TIMEOUT_S = 30.0


def run(wait_at):
    """Run the program; wait before its line `wait_at`."""
    lines = PROGRAM.read_text().splitlines(keepends=True)
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.__file__ = str(PROGRAM)
    sys.argv = [PROGRAM.name]
    execute(lines[: wait_at - 1], main, first_line=1)
    if wait_at > 1:
        wait_for_outcome()
    execute(lines[wait_at - 1 :], main, first_line=wait_at)


def execute(lines, module, first_line):
    text = "\n" * (first_line - 1) + "".join(lines)
    exec(compile(text, str(PROGRAM), "exec", dont_inherit=True), vars(module))  # noqa: S102


def wait_for_outcome():
    deadline = time.monotonic() + OUTCOME_TIMEOUT_S
    while not Task.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.002)


def run_conducted():
    """Run the program with the conductor's gates and interventions."""
    from conductor import tracer
    from conductor.events import record

    (settings.BASE_DIR / "caller.pid").write_text(str(os.getpid()))
    tracer.start("caller")
    try:
        run(wait_at=1)
    finally:
        tracer.stop()
        connections.close_all()
        record("program_ended", "caller")


if settings.CONDUCTOR:
    run_conducted()
else:
    run(wait_at=int(sys.argv[1]))
