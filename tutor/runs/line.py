"""The line: at most `TUTOR_MAX_LABS` labs at once, the other runs wait in the order in which they came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.db import connections

from tutor.labs.host import Lab, LabHost
from tutor.labs.sweep import is_alive, sweep
from tutor.lessons import catalogue

from . import watching
from .execution import execute, lab_spec
from .models import Run
from .recorder import close_without_lab

logger = logging.getLogger(__name__)

WARM = 4
"""Lessons, the first ones, whose labs are made ready when the site starts."""


class Line:
    """Runs of this process: some have a lab, the others wait. Safe to use from any thread."""

    def __init__(self, host: LabHost, labs: int) -> None:
        self.host = host
        self.threads = ThreadPoolExecutor(max_workers=labs, thread_name_prefix="lab")
        self.lock = threading.Lock()
        self.waiting: dict[int, Future[None]] = {}
        self.labs: dict[int, Lab] = {}

    def join(self, run: Run) -> None:
        """Let `run` wait for a lab; returns at once."""
        with self.lock:
            self.waiting[run.pk] = self.threads.submit(self.take, run)

    def leave(self, run: Run, reason: str) -> None:
        """End `run`, wherever it stands; does nothing to a run that has ended or is another process's."""
        with self.lock:
            future = self.waiting.pop(run.pk, None)
            lab = self.labs.get(run.pk)
        if future and future.cancel():
            close_without_lab(run, "stopped", reason)
            self.end(run)
        elif lab:
            lab.stop(reason)

    def take(self, run: Run) -> None:
        """Execute `run` in a thread of the line."""
        try:
            with self.lock:
                self.waiting.pop(run.pk, None)
            run.state = Run.State.RUNNING
            run.save(update_fields=["state"])
            self.tell_those_who_wait()
            execute(run, catalogue.get(run.lesson), self.host, announce=watching.announce, opened=self.opened(run))
            self.end(run)
        except Exception:
            logger.exception("Run %s broke off", run.public_id)
            close_without_lab(run, "lost", "The site made a mistake while it recorded this run.")
            self.end(run)
        finally:
            connections.close_all()

    def opened(self, run: Run) -> Callable[[Lab], None]:
        def remember(lab: Lab) -> None:
            with self.lock:
                self.labs[run.pk] = lab

        return remember

    def end(self, run: Run) -> None:
        with self.lock:
            self.labs.pop(run.pk, None)
        run.state = Run.State.ENDED
        run.save(update_fields=["state"])
        watching.announce(run)

    def tell_those_who_wait(self) -> None:
        """Each of them has moved up a place."""
        with self.lock:
            waiting = list(self.waiting)
        for run in Run.objects.filter(pk__in=waiting, state=Run.State.WAITING):
            watching.announce(run)


@cache
def line() -> Line:
    """This process's line, made with its host of labs on first use."""
    return Line(LabHost(settings.TUTOR_LABS), settings.TUTOR_MAX_LABS)


def prepare() -> None:
    """Remove what dead hosts left and have the line ready before somebody presses Run; returns at once."""

    def work() -> None:
        sweep(settings.TUTOR_LABS)
        for lesson in list(catalogue.lessons().values())[:WARM]:
            line().host.warm_up(lab_spec(lesson, lesson.defaults))

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
