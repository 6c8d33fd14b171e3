"""The lab host, the run queue and the heartbeat of this process. The server starts them, or else the first run."""

from __future__ import annotations

import atexit
import logging
import threading
from functools import cache, partial

from django.conf import settings
from django.db import DatabaseError

from tutor.labs.host.lab_host import LabHost, LabUnavailable
from tutor.labs.host.sweep import sweep
from tutor.lessons import catalogue

from .event_store import patiently
from .execution import execute, lab_spec
from .heartbeat import Heartbeat
from .models import Run
from .run_queue import Opened, RunQueue
from .versions import lesson_of

logger = logging.getLogger(__name__)

WARM = 4
"""The number of lessons, from the start of the catalogue, whose templates are started with the server."""

making = threading.Lock()


def run_queue() -> RunQueue:
    """Return the run queue of this process, created on first use."""
    return host_and_queue()[1]


def host_and_queue() -> tuple[LabHost, RunQueue]:
    with making:  # Otherwise two threads could create two hosts.
        return made_once()


@cache
def made_once() -> tuple[LabHost, RunQueue]:
    host = LabHost(settings.TUTOR_LABS)
    queue = new_queue(host, settings.TUTOR_MAX_LABS)
    heartbeat = Heartbeat(host.name, settings.TUTOR_LABS, partial(queue.cancel_all, "Its host was given up."))
    try:
        heartbeat.start()
    except DatabaseError:
        host.close()
        raise
    queue.start()
    atexit.register(heartbeat.stop)  # Called after the queue's.
    atexit.register(queue.close)
    return host, queue


def new_queue(host: LabHost, number: int) -> RunQueue:
    """Return a queue, not yet started, whose runs are executed in up to `number` labs of `host` at once."""

    def execute_here(run: Run, opened: Opened) -> None:
        execute(run, patiently(partial(lesson_of, run)), host, opened=opened)

    return RunQueue(host.name, execute_here, number)


def start() -> None:
    """Clean up after hosts that have ended, and start templates for the first runs. All happens in the background."""

    def prepare() -> None:
        try:
            host, _ = host_and_queue()
            sweep(settings.TUTOR_LABS)
            for lesson in list(catalogue.lessons().values())[:WARM]:
                host.warm_up(lab_spec(lesson, lesson.defaults))
        except (OSError, DatabaseError, LabUnavailable):
            logger.exception("Could not prepare labs; the first run will try again")

    threading.Thread(target=prepare, name="prepare-labs", daemon=True).start()
