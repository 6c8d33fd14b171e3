"""The run queue: a bounded number of runs have a lab; the others wait, first come, first served."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

from django.db import DatabaseError, connections

from tutor.labs.host.lab import Lab

from .event_store import LeaseLost, end_run, patiently
from .models import Run
from .signals import run_changed

logger = logging.getLogger(__name__)

CLOSE_S = 5.0
"""Seconds that labs have to end when the queue is closed."""

Opened = Callable[[Lab], None]
"""Receives the lab of a run as soon as there is one."""
Execute = Callable[[Run, Opened], None]
"""Executes a run in a lab, and returns when it has ended."""


@dataclass(slots=True)
class Entry:
    """A run in the queue."""

    run: Run
    has_turn: bool = False
    """Whether a thread executes it; it waits otherwise."""
    lab: Lab | None = None
    """Its lab; None while it waits and while the lab starts."""
    stop_reason: str = ""
    """Why it has to end; empty unless it was cancelled."""


class RunQueue:
    """The runs of one process. Its methods can be called from any thread."""

    def __init__(self, name: str, execute: Execute, labs: int) -> None:
        self.name = name
        """The process, as `Run.host` names it."""
        self.execute = execute
        self.lock = threading.Lock()
        self.entries: dict[int, Entry] = {}
        """Primary key of a run → its entry, in the order of arrival."""
        self.turns: SimpleQueue[int | None] = SimpleQueue()
        # Daemon threads, because a site that is stopped ends its runs and doesn't execute the waiting ones.
        self.threads = [threading.Thread(target=self.work, name=f"lab-{n}", daemon=True) for n in range(labs)]

    def start(self) -> None:
        """Start to execute runs."""
        for thread in self.threads:
            thread.start()

    def add(self, run: Run) -> None:
        """Add `run` to the queue. Doesn't block."""
        with self.lock:
            self.entries[run.pk] = Entry(run)
        self.turns.put(run.pk)

    def cancel(self, run: Run, reason: str) -> None:
        """End `run`, whether it waits or has a lab; do nothing if it has ended or belongs to another process.

        If the store fails, the thread that would execute the run ends it, as soon as the store is back.
        """
        with self.lock:
            entry = self.entries.get(run.pk)
            if entry is None:
                return
            entry.stop_reason = reason
        if entry.lab:
            entry.lab.stop(reason)
        elif not entry.has_turn:
            try:
                end_run(run, "stopped", reason)
            except DatabaseError:
                logger.exception("Could not end a waiting run yet")
            else:
                self.forget(run)

    def cancel_all(self, reason: str) -> None:
        """End all runs."""
        with self.lock:
            runs = [entry.run for entry in self.entries.values()]
        for run in runs:
            self.cancel(run, reason)

    def work(self) -> None:
        """Execute runs, one after the other, until `turns` yields None."""
        while (key := self.turns.get()) is not None:
            with self.lock:
                if (entry := self.entries.get(key)) is None:
                    continue  # It was cancelled.
                entry.has_turn = True
            try:
                self.carry_out(entry)
            except Exception:
                logger.exception("Could not end run %s", entry.run.public_id)
            finally:
                self.forget(entry.run)
                connections.close_all()

    def carry_out(self, entry: Entry) -> None:
        """Execute the run of `entry`. If the site raises an error, the run's last event says so."""
        run, outcome, reason = entry.run, "lost", "The site made a mistake while it recorded this run."
        try:
            if entry.stop_reason:
                outcome, reason = "stopped", entry.stop_reason
            elif patiently(partial(begin, run)):
                self.announce_places()
                self.execute(run, partial(self.opened, entry))
        except LeaseLost as error:
            logger.warning("The lab was ended, as its events are refused: %s", error)
        except Exception:
            logger.exception("Error while executing run %s", run.public_id)
        if run.state != Run.State.ENDED:
            patiently(partial(end_run, run, outcome, reason))

    def forget(self, run: Run) -> None:
        with self.lock:
            self.entries.pop(run.pk, None)

    def opened(self, entry: Entry, lab: Lab) -> None:
        """Keep the lab of `entry`; stop it if the run was cancelled while the lab started."""
        with self.lock:
            entry.lab = lab
            reason = entry.stop_reason
        if reason:
            lab.stop(reason)

    def announce_places(self) -> None:
        """Announce that the waiting runs have moved up."""
        with self.lock:
            waiting = [entry.run for entry in self.entries.values() if not entry.has_turn]
        for run in waiting:
            run_changed.send(Run, run=run)

    def close(self) -> None:
        """End all runs, with an event that gives the reason, and wait until they have ended."""
        self.cancel_all("The site was stopped.")
        self.finish(CLOSE_S)

    def finish(self, seconds: float | None = None) -> None:
        """Accept no more runs; wait up to `seconds` until the accepted ones have ended."""
        for _ in self.threads:
            self.turns.put(None)
        until = None if seconds is None else time.monotonic() + seconds
        for thread in self.threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))


def begin(run: Run) -> bool:
    """Store that `run` has a lab. Return False if it has ended meanwhile."""
    waiting = Run.objects.filter(pk=run.pk, host=run.host, state=Run.State.WAITING)
    return bool(waiting.update(state=Run.State.RUNNING))


def place_in_queue(run: Run) -> int | None:
    """Return the place of `run` in the run queue, from 1; None if it doesn't wait."""
    if run.state != Run.State.WAITING:
        return None
    return Run.objects.filter(host=run.host, state=Run.State.WAITING, pk__lt=run.pk).count() + 1
