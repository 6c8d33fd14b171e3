"""A process that stores events of a run as its lab's host does.

    python -m tutor.benchmarks.storing_process EVENTS

reads lines from its standard input: how many batches of how many events. It stores them, and prints the nanoseconds
that one event took: by the clock, and of the processors, with those of PostgreSQL's process. First it prints an empty
line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any


def main(path: str) -> None:
    """Store events until the standard input ends."""
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django.core.management import call_command

    from tutor.runs.event_store import store
    from tutor.runs.models import Event, Run

    from .followed_site import FIELDS
    from .lesson import measured_lesson

    call_command("migrate", verbosity=0)
    recorded = cycle(each for each in json.loads(Path(path).read_text()) if each["kind"] != "ended")
    run = Run.objects.create(lesson=measured_lesson().slug, state=Run.State.RUNNING, host="bench")
    numbers = count(1)

    def batches(number: int, size: int) -> Iterator[list[Any]]:
        for _ in range(number):
            each = [(next(recorded), next(numbers)) for _ in range(size)]
            yield [Event(run=run, **{**{name: event[name] for name in FIELDS}, "number": at}) for event, at in each]

    print(flush=True)
    for line in sys.stdin:
        number, size = map(int, line.split())
        prepared = list(batches(number, size))
        began, used = time.perf_counter_ns(), cpu_ns()
        for each in prepared:
            store(each)
        passed, used = time.perf_counter_ns() - began, cpu_ns() - used
        print(passed / number / size, used / number / size, flush=True)


def cpu_ns() -> int:
    """Return the processor time of this process and of PostgreSQL's that serves it, in nanoseconds."""
    from django.db import connection

    used = time.process_time_ns()
    if connection.vendor == "postgresql":
        server = connection.connection.info.backend_pid
        used += int(Path(f"/proc/{server}/schedstat").read_text().split()[0])
    return used


if __name__ == "__main__":
    main(*sys.argv[1:])
