"""Storing events: each batch in a transaction of its own, which checks the lease of its run.

A host has the lease of a run until the run ends. A reaper ends the runs of a host that it gives up; whatever that host
still sends is refused. Nothing else in the project adds events or ends a run.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, InterfaceError, connections, transaction

from tutor.protocol.lanes import Lane
from tutor.store_errors import is_unavailable

from .models import Event, Run
from .signals import run_changed

logger = logging.getLogger(__name__)

RETRY_S = 0.2
"""Seconds until the next attempt to write to a store that fails; each waits for a lock as the settings say."""

Written = TypeVar("Written")


class LeaseLost(Exception):
    """The run has ended, or belongs to another host. Nothing was stored."""


def store(events: list[Event]) -> None:
    """Store the next events of a run and announce them. With `ended`, the run has ended. Raises LeaseLost.

    If they are there already, do nothing: the store was lost before it could say that it had committed them.
    """
    run = events[0].run
    try:
        with transaction.atomic():
            if not has_lease(run):
                raise LeaseLost(f"Run {run.public_id} has ended, or belongs to another host.")
            insert(run, events)
    except IntegrityError:
        if not is_stored(events[-1]):
            raise


def is_stored(event: Event) -> bool:
    same = Event.objects.filter(run=event.run, number=event.number, kind=event.kind, pid=event.pid, at=event.at)
    return same.exists()


def end_run(run: Run, outcome: str, reason: str) -> None:
    """Store an `ended` event as the last one of a run that no lab ends. Do nothing if the run has ended."""
    with transaction.atomic():
        if not has_lease(run):
            return
        last = run.events.order_by("number").last()
        ended = Event(
            run=run,
            number=last.number + 1 if last else 1,
            kind="ended",
            lane=Lane.HOST,
            pid=os.getpid(),
            at=last.at if last else 0,
            payload={"outcome": outcome, "reason": reason},
        )
        insert(run, [ended])


def has_lease(run: Run) -> bool:
    """Return whether `run` has not ended and still belongs to `run.host`. Lock its row until the transaction ends."""
    own = Run.objects.select_for_update(no_key=True).filter(pk=run.pk, host=run.host)
    return own.exclude(state=Run.State.ENDED).first() is not None


def insert(run: Run, events: list[Event]) -> None:
    """Insert `events`, the last of which may end `run`. Announce them when they are committed."""
    Event.objects.bulk_create(events)
    if events[-1].kind == "ended":
        Run.objects.filter(pk=run.pk).update(state=Run.State.ENDED)
        run.state = Run.State.ENDED
    transaction.on_commit(partial(run_changed.send, Run, run=run), robust=True)


def patiently(write: Callable[[], Written]) -> Written:
    """Return the result of `write`. Repeat it, without a limit, while the store fails.

    A host that can't write has nothing better to do, and what it holds in memory is bounded by the limits of its labs.
    """
    while True:
        try:
            return write()
        except (DatabaseError, InterfaceError) as error:
            if not is_unavailable(error):
                raise
            logger.warning("Can't write to the store, trying again", exc_info=error)
            connections.close_all()
            time.sleep(RETRY_S)
