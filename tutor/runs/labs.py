"""What this process has for runs: a heartbeat and, unless lab hosts execute them, the labs and the run queue.

The server starts it, or else the first run.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from functools import cache, partial
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError

from tutor.labs.host.lab_host import LabHost, LabUnavailable
from tutor.labs.host.sweep import sweep
from tutor.lessons import catalogue

from .event_store import patiently
from .execution import execute_as_asked, lab_spec
from .heartbeat import Heartbeat
from .models import Run
from .thread_queue import ThreadQueue
from .turns import Opened, Turns

logger = logging.getLogger(__name__)

WARM = 4
"""The number of lessons, from the start of the catalogue, whose templates are started with the server."""
GIVEN_UP = "Its host was given up."

making = threading.Lock()


class Queue(Protocol):
    """The run queue, for those who ask for runs."""

    def add(self, run: Run) -> None:
        """See to it that `run`, which is stored and waits, is executed."""

    def cancel(self, run: Run, reason: str) -> None:
        """End `run`, wherever it is; do nothing if it has ended."""


def run_queue() -> Queue:
    """Return the run queue, for this process's part on the site."""
    return host_and_queue()[1] if settings.TUTOR_ROLE == "all" else ticket_queue()


@cache
def ticket_queue() -> Queue:
    from .tickets import TicketQueue  # It needs the app of django-q2, which a site without lab hosts doesn't have.

    return TicketQueue()


def host_and_queue() -> tuple[LabHost, ThreadQueue]:
    """Return the lab host and the run queue of this process, created on first use."""
    with making:  # Otherwise two threads could create two hosts.
        return made_once()


@cache
def made_once() -> tuple[LabHost, ThreadQueue]:
    host = LabHost(settings.TUTOR_LABS)
    queue = new_queue(host, settings.TUTOR_MAX_LABS)
    heartbeat = heartbeat_of(host, queue.turns, settings.TUTOR_MAX_LABS, queue.look)
    try:
        heartbeat.start()
    except DatabaseError:
        host.close()
        raise
    queue.start()
    atexit.register(heartbeat.stop)  # Called after the queue's.
    atexit.register(queue.close)
    return host, queue


def heartbeat_of(host: LabHost, turns: Turns, labs: int, look: Callable[[], None]) -> Heartbeat:
    """Return the heartbeat, not yet started, of a host with `turns` that calls `look` at each beat."""
    return Heartbeat(host.name, settings.TUTOR_LABS, labs=labs, given_up=partial(turns.stop_all, GIVEN_UP), look=look)


def new_queue(host: LabHost, number: int) -> ThreadQueue:
    """Return a queue, not yet started, whose runs are executed in up to `number` labs of `host` at once."""

    def execute_here(run: Run, opened: Opened) -> None:
        execute_as_asked(run, host, opened)

    return ThreadQueue(host.name, execute_here, number)


def start() -> None:
    """Start what this process has for runs, in the background: templates for the first ones, if it executes them."""
    begin = prepare_own if settings.TUTOR_ROLE == "all" else watch_others
    threading.Thread(target=begin, name="prepare-labs", daemon=True).start()


def prepare_own() -> None:
    try:
        prepare(host_and_queue()[0])
    except (OSError, DatabaseError, LabUnavailable):
        logger.exception("Could not prepare labs; the first run will try again")


def prepare(host: LabHost) -> None:
    """Clean up after hosts that have ended, and start templates of `host` for the first runs.

    Raises OSError and LabUnavailable.
    """
    sweep(settings.TUTOR_LABS)
    for lesson in list(catalogue.lessons().values())[:WARM]:
        host.warm_up(lab_spec(lesson, lesson.defaults))


def watch_others() -> None:
    """Beat as a host without labs, and so end the runs of lab hosts that have ended, also if none is left."""
    sweep(settings.TUTOR_LABS)
    host = LabHost(settings.TUTOR_LABS)
    heartbeat = Heartbeat(host.name, settings.TUTOR_LABS)
    atexit.register(host.close)
    atexit.register(heartbeat.stop)
    patiently(heartbeat.start)
