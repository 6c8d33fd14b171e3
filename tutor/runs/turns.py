"""Turns: a host takes the run whose turn it is, executes it, and then takes the next one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Set
from functools import partial
from typing import Protocol

from .event_store import LeaseLost, end_run, patiently
from .models import Run
from .run_queue import announce_places, cancel, take

logger = logging.getLogger(__name__)


class Stoppable(Protocol):
    """A lab, or what stands for it in this process."""

    def stop(self, reason: str) -> None:
        """End it as soon as possible. Can be called from any thread."""


Opened = Callable[[Stoppable], None]
"""Receives the lab of a run as soon as there is one."""
Execute = Callable[[Run, Opened], None]
"""Executes a run in a lab, and returns when it has ended."""


class Turn:
    """The turn of a run: its lab, and the request to stop that, whichever comes first. Can be used from any thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lab: Stoppable | None = None
        """None while the lab starts."""
        self.stop_reason = ""
        """Why the lab has to end; empty unless that was asked for."""

    def opened(self, lab: Stoppable) -> None:
        """Keep the lab; stop it if that was asked for while it started."""
        with self.lock:
            self.lab = lab
            reason = self.stop_reason
        if reason:
            lab.stop(reason)

    def stop(self, reason: str) -> None:
        """Stop the lab, as soon as there is one."""
        with self.lock:
            self.stop_reason = reason
            lab = self.lab
        if lab:
            lab.stop(reason)


def attempt(run: Run, execute: Callable[[], None]) -> None:
    """Execute `run`. An error is logged: the run has ended then, or has to be ended."""
    try:
        execute()
    except LeaseLost as error:
        logger.warning("The lab was ended, as its events are refused: %s", error, extra={"run": run.public_id})
    except Exception:
        logger.exception("Error while executing run %s", run.public_id, extra={"run": run.public_id})


class Turns:
    """The runs that a host executes. Its methods can be called from any thread."""

    def __init__(self, host: str) -> None:
        self.host = host
        """The name of the host, as `Run.host` has it."""
        self.lock = threading.Lock()
        self.running: dict[int, Turn] = {}
        """Primary key of a run that has its turn → that turn."""
        self.without_turn: Set[int] = set()
        """Primary keys of the runs that belonged to the host without a turn, at the last `look`."""
        self.closed = False
        """Whether it takes no more runs."""

    def turn(self, execute: Execute) -> bool:
        """Take the run whose turn it is, and execute it; return False if there is none. Blocks until it has ended."""
        if self.closed or (run := patiently(partial(take, self.host))) is None:
            return False
        turn = Turn()
        with self.lock:
            self.running[run.pk] = turn
        try:
            announce_places()
            carry_out(run, turn, execute)
        except Exception:
            logger.exception("Could not end run %s", run.public_id, extra={"run": run.public_id})
        finally:
            with self.lock:
                del self.running[run.pk]
        return True

    def cancel(self, run: Run, reason: str) -> None:
        """End `run`, whether it waits, has its turn here, or is executed by another process."""
        if not self.stop(run.pk, reason):
            cancel(run, reason)

    def stop(self, key: int, reason: str) -> bool:
        """End the run with this primary key; return False if it doesn't have its turn here."""
        with self.lock:
            turn = self.running.get(key)
        if turn:
            turn.stop(reason)
        return turn is not None

    def stop_all(self, reason: str) -> None:
        """End all runs that have their turn."""
        with self.lock:
            keys = list(self.running)
        for key in keys:
            self.stop(key, reason)

    def look(self) -> None:
        """End the runs that other processes have asked this one to end, and put back those that it has never begun.

        It doesn't begin a run if the store is lost before it can say that the host has it now.
        """
        own = Run.objects.filter(host=self.host, state=Run.State.RUNNING, reference=None)
        asked = dict(own.values_list("pk", "stop_reason"))
        with self.lock:
            without_turn = asked.keys() - self.running.keys()
        for key in without_turn & self.without_turn:
            own.filter(pk=key, events=None).update(state=Run.State.WAITING, host="")
        self.without_turn = without_turn
        for key, reason in asked.items():
            if reason:
                self.stop(key, reason)


def carry_out(run: Run, turn: Turn, execute: Execute) -> None:
    """Execute `run` in its turn. If the site raises an error, the run's last event says so."""
    attempt(run, partial(execute, run, turn.opened))
    if run.state != Run.State.ENDED:
        patiently(partial(end_run, run, "lost", "The site made a mistake while it recorded this run."))
