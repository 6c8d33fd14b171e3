"""The run queue: the runs that wait in the store for a lab, in the order in which they get one.

A run in the queue belongs to nobody. It is taken, when its turn comes, by anything that has room for a lab: a thread of
the site, or a worker of a lab host on any machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import QuerySet

from .event_store import end_run
from .models import Host, Run
from .signals import run_changed

ANNOUNCED = 10
"""The number of waiting runs, from the first, that are told at once that they have moved up. Pages of the others learn
it at their next regular look."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run in the queue."""

    key: int
    """Its primary key. A later run has a larger one."""
    owner: str
    """The address or, without one, the browser session that it was asked for from."""
    goes_first: bool = False


def fair_order(waiting: Iterable[Waiting], running: Mapping[str, int]) -> list[int]:
    """Return the keys of `waiting` in the order of their turns. `running` is owner → how many of its runs have a lab.

    Runs that go first come first. The owners of the others take turns, so that forty runs from one address delay a run
    from another address by one turn, not by forty. Pure.
    """
    turns = Counter(running)
    order: list[tuple[bool, int, int]] = []
    for each in sorted(waiting, key=lambda each: (not each.goes_first, each.key)):
        order.append((not each.goes_first, turns[each.owner], each.key))
        turns[each.owner] += 1
    return [key for *_, key in sorted(order)]


def turns() -> list[int]:
    """Return the keys of the waiting runs in the order of their turns."""
    running = Run.objects.filter(state=Run.State.RUNNING).values_list("address", "session")
    rows = in_queue().values_list("pk", "address", "session", "goes_first")
    waiting = (Waiting(key, address or session, goes_first) for key, address, session, goes_first in rows)
    return fair_order(waiting, Counter(address or session for address, session in running))


def in_queue() -> QuerySet[Run]:
    """Return the runs that wait and belong to nobody."""
    return Run.objects.filter(state=Run.State.WAITING, host="")


def take(host: str) -> Run | None:
    """Give the waiting run whose turn it is to `host`, which has a lab for it now; return None if none waits.

    Several processes can call this at once: a run that another one is about to take is passed over. A host that was
    given up gets none until its next heartbeat, when it learns that.
    """
    for key in turns():
        with transaction.atomic():
            if not Host.objects.filter(name=host).exists():
                return None
            run = in_queue().select_for_update(skip_locked=True, no_key=True).filter(pk=key).first()
            if run is None:
                continue
            run.state, run.host = Run.State.RUNNING, host
            run.save(update_fields=["state", "host"])
        return run
    return None


def announce_places() -> None:
    """Announce that the waiting runs have moved up. If the store fails now, their pages learn it by themselves."""
    with suppress(DatabaseError, InterfaceError):
        for run in Run.objects.filter(pk__in=turns()[:ANNOUNCED]):
            run_changed.send(Run, run=run)


def place_in_queue(run: Run) -> int | None:
    """Return the place of `run` in the run queue, from 1; None if it doesn't wait there, 0 if nobody executes runs."""
    if run.state != Run.State.WAITING:
        return None
    if settings.TUTOR_ROLE != "all" and not Host.objects.filter(labs__gt=0).exists():
        return 0
    order = turns()
    return order.index(run.pk) + 1 if run.pk in order else None


def cancel(run: Run, reason: str) -> None:
    """End `run` if it waits, and ask the process that executes it to end it otherwise. Do nothing if it has ended."""
    with transaction.atomic():
        current = Run.objects.select_for_update(no_key=True).filter(pk=run.pk).first()
        if current is None or current.state == Run.State.ENDED:
            return
        if current.host:
            current.stop_reason = reason
            current.save(update_fields=["stop_reason"])
        else:
            end_run(current, "stopped", reason)
