"""A site with one live run, whose events are stored on demand.

    python -m tutor.benchmarks.followed_site PORT EVENTS

reads lines from its standard input. At each one it stores the events of the file EVENTS up to the next one that makes a
step, as the recorder of a lab does, and prints the monotonic nanosecond before that; at the line `watches` it prints
how many runs are watched. First it prints the run's public id. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

STEPS = ("queued", "started", "stored")
"""The kinds of events that make a step in the measured lesson."""
WATCHES = "watches"
FIELDS = ("number", "kind", "lane", "pid", "at", "payload")
"""The fields of an event in the file."""


def main(port: str, events: str) -> None:
    """Serve the site until the standard input ends."""
    import django

    django.setup()
    # Modules that need models can only be imported after django.setup().
    from django.core.management import call_command

    from tutor.runs.models import Host, Run
    from tutor.runs.versions import version_of
    from tutor.serve import serve

    from .lesson import measured_lesson

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    lesson = measured_lesson()
    Host.objects.create(name="bench", folder="of a benchmark")
    version, state = version_of(lesson), Run.State.RUNNING
    run = Run.objects.create(lesson=lesson.slug, version=version, knobs=lesson.defaults, state=state, host="bench")
    stored = json.loads(Path(events).read_text(encoding="utf-8"))
    threading.Thread(target=store_on_demand, args=(run, stored), daemon=True).start()
    serve(port)


def store_on_demand(run: Any, events: list[dict[str, Any]]) -> None:
    """Store the events of the next step at each line; end the process when there are no more lines."""
    from tutor.live.watch import watches
    from tutor.runs.event_store import store
    from tutor.runs.models import Event

    print(run.public_id, flush=True)
    rest = iter(events)
    for line in sys.stdin:
        if line.strip() == WATCHES:
            print(len(watches), flush=True)
            continue
        batch = []
        for each in rest:
            batch.append(Event(run=run, **each))
            if each["kind"] in STEPS:
                break
        moment = time.monotonic_ns()
        store(batch)
        print(moment, flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
