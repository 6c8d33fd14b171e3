"""The run queue of a site that executes its runs itself: each of a few threads executes one run after the other."""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue

from django.db import connections

from .models import Run
from .run_queue import in_queue
from .turns import Execute, Turns

CLOSE_S = 5.0
"""Seconds that labs have to end when the queue is closed."""
STOPPED = "The site was stopped."


class ThreadQueue:
    """Threads that execute runs of the run queue. Its methods can be called from any thread.

    A ticket lets a thread take one run, whichever has its turn then.
    """

    def __init__(self, host: str, execute: Execute, labs: int) -> None:
        self.execute = execute
        self.turns = Turns(host)
        self.tickets: SimpleQueue[bool] = SimpleQueue()
        """True is a ticket; False ends a thread."""
        # Daemon threads, because a site that is stopped ends its runs.
        self.threads = [threading.Thread(target=self.work, name=f"lab-{n}", daemon=True) for n in range(labs)]

    def start(self) -> None:
        """Start to execute runs."""
        for thread in self.threads:
            thread.start()

    def add(self, run: Run) -> None:
        """Issue a ticket for `run`, which is stored and waits. Doesn't block."""
        self.tickets.put(True)

    def cancel(self, run: Run, reason: str) -> None:
        """End `run`, wherever it is; do nothing if it has ended."""
        self.turns.cancel(run, reason)

    def look(self) -> None:
        """End the runs that others have asked to end, and issue the tickets that are missing.

        They are missing for runs that waited when the site was started, or that a process asked for that has ended.
        """
        self.turns.look()
        for _ in range(min(in_queue().count(), len(self.threads)) - self.tickets.qsize()):
            self.tickets.put(True)

    def work(self) -> None:
        """Execute a run at each ticket."""
        while self.tickets.get():
            try:
                self.turns.turn(self.execute)
            finally:
                connections.close_all()

    def close(self) -> None:
        """End all runs that have a lab, with an event that gives the reason. Those that wait stay in the queue."""
        self.turns.closed = True
        self.turns.stop_all(STOPPED)
        self.finish(CLOSE_S)

    def finish(self, seconds: float | None = None) -> None:
        """Use no more than the tickets that are issued; wait up to `seconds` until their runs have ended."""
        for _ in self.threads:
            self.tickets.put(False)
        until = None if seconds is None else time.monotonic() + seconds
        for thread in self.threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))
