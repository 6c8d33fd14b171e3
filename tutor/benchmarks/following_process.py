"""A process that follows a run as the watch of a site does, and measures itself.

    python -m tutor.benchmarks.following_process

reads a run from its standard input, as JSON: its program and its events. It stores one event after the other and looks
at the run after each. Then it prints as JSON the CPU seconds of all looks, the MiB that it has grown by, and the CPU
milliseconds of each look that found nothing new.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil

IDLE_LOOKS = 100
"""The number of looks that find nothing new."""


def main() -> None:
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django.core.management import call_command

    from tutor.lessons.unknown_version import lesson_of_unknown_version
    from tutor.live.run_watch import look
    from tutor.runs.models import Run
    from tutor.runs.versions import version_of

    from .steps import with_line_steps

    call_command("migrate", verbosity=0)
    given = json.load(sys.stdin)
    lesson = with_line_steps(lesson_of_unknown_version("scale", given["program"]))
    run = Run.objects.create(lesson=lesson.slug, version=version_of(lesson), state=Run.State.RUNNING, host="bench")
    print(json.dumps(measured(run, given["events"], lambda: look(run))))


def measured(run: Any, events: list[dict[str, Any]], look: Callable[[], object]) -> dict[str, float | list[float]]:
    """Store `events` of `run` one by one, with a look after each. Return what the looks cost."""
    from tutor.runs.event_store import store
    from tutor.runs.models import Event

    process = psutil.Process()
    before = process.memory_info().rss
    cpu_ms, nothing_new_ms = [], []
    for each in events:
        if each is events[-1]:  # The last event ends the run.
            nothing_new_ms = [cpu_ms_of(look) for _ in range(IDLE_LOOKS)]
        store([Event(run=run, **each)])
        cpu_ms.append(cpu_ms_of(look))
    return {
        "cpu_s": sum(cpu_ms) / 1000,
        "memory_mib": (process.memory_info().rss - before) / 2**20,
        "nothing_new_ms": nothing_new_ms,
    }


def cpu_ms_of(call: Callable[[], object]) -> float:
    """Return the CPU milliseconds of a call."""
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000


if __name__ == "__main__":
    main()
