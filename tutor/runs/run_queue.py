"""The line: at most `TUTOR_MAX_LABS` labs at once, the other runs wait in the order in which they came."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue

from django.conf import settings
from django.db import connections

from tutor.labs.host.lab_host import Lab, LabHost, LabUnavailable
from tutor.labs.host.sweep import is_alive, sweep
from tutor.lessons import catalogue

from .execution import execute, lab_spec
from .models import Run
from .recorder import close_without_lab
from .signals import run_changed

logger = logging.getLogger(__name__)

WARM = 4
"""Lessons, the first ones, whose labs are made ready when the site starts."""
CLOSE_S = 5.0
"""How long the labs of a site that is stopped have to end."""


class Line:
    """Runs of this process: some have a lab, the others wait. Safe to use from any thread."""

    def __init__(self, host: LabHost, labs: int) -> None:
        self.host = host
        self.lock = threading.Lock()
        self.turns: SimpleQueue[Run | None] = SimpleQueue()
        self.waiting: dict[int, Run] = {}
        self.labs: dict[int, Lab | None] = {}
        """The lab of each run at work; None while it starts."""
        self.unwanted: dict[int, str] = {}
        """Why a run is to end whose lab has still to start."""
        # Daemons, as a site that is told to stop ends its runs and does not work off the line.
        self.threads = [threading.Thread(target=self.work, name=f"lab-{n}", daemon=True) for n in range(labs)]

    def start(self) -> None:
        """Begin to take runs."""
        for thread in self.threads:
            thread.start()

    def join(self, run: Run) -> None:
        """Let `run` wait for a lab; returns at once."""
        with self.lock:
            self.waiting[run.pk] = run
        self.turns.put(run)

    def leave(self, run: Run, reason: str) -> None:
        """End `run`, wherever it stands; does nothing to a run that has ended or is another process's."""
        with self.lock:
            waited = self.waiting.pop(run.pk, None)
            lab = self.labs.get(run.pk)
            if run.pk in self.labs and lab is None:
                self.unwanted[run.pk] = reason
        if waited:
            close_without_lab(run, "stopped", reason)
            self.end(run)
        elif lab:
            lab.stop(reason)

    def work(self) -> None:
        """Execute the runs whose turn it is, one after the other, until there is a None."""
        while (run := self.turns.get()) is not None:
            with self.lock:
                if self.waiting.pop(run.pk, None) is None:
                    continue  # It has left.
                self.labs[run.pk] = None
            try:
                self.take(run)
            except Exception:
                logger.exception("Run %s could not be ended", run.public_id)
            finally:
                connections.close_all()

    def take(self, run: Run) -> None:
        """Execute `run`, and say so if that breaks off."""
        try:
            Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
            self.tell_those_who_wait()
            execute(run, catalogue.get(run.lesson), self.host, opened=self.opened(run))
        except Exception:
            logger.exception("Run %s broke off", run.public_id)
            close_without_lab(run, "lost", "The site made a mistake while it recorded this run.")
        finally:
            self.end(run)

    def opened(self, run: Run) -> Callable[[Lab], None]:
        def remember(lab: Lab) -> None:
            with self.lock:
                self.labs[run.pk] = lab
                reason = self.unwanted.pop(run.pk, None)
            if reason:
                lab.stop(reason)

        return remember

    def end(self, run: Run) -> None:
        with self.lock:
            self.labs.pop(run.pk, None)
            self.unwanted.pop(run.pk, None)
        run.state = Run.State.ENDED
        run.save(update_fields=["state"])
        run_changed.send(Run, run=run)

    def tell_those_who_wait(self) -> None:
        """Each of them has moved up a place."""
        with self.lock:
            waiting = list(self.waiting.values())
        for run in waiting:
            run_changed.send(Run, run=run)

    def close(self) -> None:
        """End all runs, with an event that says why, and wait for that."""
        with self.lock:
            runs = [*self.waiting.values(), *Run.objects.filter(pk__in=self.labs)]
        for run in runs:
            self.leave(run, "The site was stopped.")
        self.finish(CLOSE_S)

    def finish(self, seconds: float | None = None) -> None:
        """Take no run any more once those that wait have had their turn; wait for it up to `seconds`."""
        for _ in self.threads:
            self.turns.put(None)
        until = None if seconds is None else time.monotonic() + seconds
        for thread in self.threads:
            thread.join(None if until is None else max(0.0, until - time.monotonic()))


making = threading.Lock()


def line() -> Line:
    """This process's line, made with its host of labs on first use."""
    with making:
        return made_line()


@cache
def made_line() -> Line:
    made = Line(LabHost(settings.TUTOR_LABS), settings.TUTOR_MAX_LABS)
    made.start()
    atexit.register(made.close)
    return made


def prepare() -> None:
    """Remove what dead hosts left and have the line ready before somebody presses Run; returns at once."""

    def work() -> None:
        try:
            sweep(settings.TUTOR_LABS)
            for lesson in list(catalogue.lessons().values())[:WARM]:
                line().host.warm_up(lab_spec(lesson, lesson.defaults))
        except (OSError, LabUnavailable):
            logger.exception("Labs could not be made ready; the first run tries again")

    threading.Thread(target=work, name="prepare", daemon=True).start()


def place(run: Run) -> int | None:
    """The place of `run` in its line, 1 being next; None for one that does not wait."""
    if run.state != Run.State.WAITING:
        return None
    return Run.objects.filter(host=run.host, state=Run.State.WAITING, pk__lt=run.pk).count() + 1


def settle(run: Run) -> None:
    """End `run` if the process that ran it is gone, as nobody else can: with an event that says so."""
    if run.state == Run.State.ENDED or is_alive(settings.TUTOR_LABS, run.host):
        return
    close_without_lab(run, "lost", "The process that ran this lab ended before the run did.")
    Run.objects.filter(pk=run.pk).update(state=Run.State.ENDED)
    run.state = Run.State.ENDED
