"""The runs of a browser: naming, pinning and deleting them, and deleting those that are kept no longer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from .models import Event, GoneRun, Run
from .writing import writing

KEPT = timedelta(days=30)
"""How long a run is kept that isn't pinned."""
SAID = timedelta(days=365)
"""How long the address of a deleted run says that it is gone."""
MOST_PINNED = 100
"""The maximum pinned runs of a browser session."""
LONGEST_NAME = 60
AT_ONCE = 50
"""How many runs are deleted in one transaction. On SQLite, nobody else can write meanwhile."""


class Refused(Exception):
    """Something that can't be done to a run. The message tells the visitor why, and what to do."""


def runs_of(session: str | None) -> QuerySet[Run]:
    """Return the runs of a browser session, the newest first."""
    return Run.objects.filter(session=session or "", reference=None).exclude(session="").order_by("-pk")


def pin(run: Run) -> None:
    """Keep a run for good. Raises Refused if the browser session has pinned as many as it may."""
    pinned = Run.objects.filter(session=run.session, is_pinned=True).exclude(pk=run.pk)
    if pinned.count() >= MOST_PINNED:
        raise Refused(f"You have pinned {MOST_PINNED} runs. Unpin or delete one of them first.")
    Run.objects.filter(pk=run.pk).update(is_pinned=True)


def unpin(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(is_pinned=False)


def rename(run: Run, name: str) -> None:
    """Name a run; an empty name takes it back."""
    Run.objects.filter(pk=run.pk).update(name=" ".join(name.split())[:LONGEST_NAME])


def delete(run: Run, reason: str = GoneRun.Reason.DELETED) -> None:
    """Delete a run that has ended, with its events and the answers about it. Its address then says that it is gone.

    Raises Refused if it goes on, or if a class has seen it.
    """
    if run.state != Run.State.ENDED:
        raise Refused("This run goes on. It can be deleted when it has ended.")
    try:
        delete_together(Run.objects.filter(pk=run.pk), reason)
    except ProtectedError as error:
        raise Refused("A class has seen this run. It is deleted with what is kept of the class.") from error


def delete_all(runs: QuerySet[Run], reason: str = GoneRun.Reason.DELETED) -> int:
    """Delete those of `runs` that can be deleted, `AT_ONCE` in a transaction; return how many.

    Between two transactions, others can write for as long as the last one took.
    """
    deleted, last = 0, 0
    while True:
        began = time.monotonic()
        keys = list(runs.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        deleted += delete_possible(runs, keys, reason)
        if len(keys) < AT_ONCE:
            return deleted
        last = keys[-1]
        time.sleep(time.monotonic() - began)


def delete_possible(runs: QuerySet[Run], keys: Sequence[int], reason: str) -> int:
    """Delete those of `runs` with these primary keys that no class has seen by now; return how many."""
    try:
        return delete_together(runs.filter(pk__in=keys), reason)
    except ProtectedError:
        return sum(delete_possible(runs, [key], reason) for key in keys) if len(keys) > 1 else 0


def delete_together(runs: QuerySet[Run], reason: str) -> int:
    """Delete those of `runs` that have ended, in one transaction and by a few statements; return how many.

    Raises ProtectedError if a class has seen one of them. None is deleted then.
    """
    with writing, transaction.atomic():
        # What another process deletes at the same time is gone when this one has got its lock.
        ended = runs.filter(state=Run.State.ENDED).order_by("pk").select_for_update(of=("self",))
        gone = {run.pk: GoneRun(public_id=run.public_id, lesson=run.lesson, reason=reason) for run in ended}
        Event.objects.filter(run__in=gone).delete_with_runs()
        GoneRun.objects.bulk_create(gone.values())
        Run.objects.filter(pk__in=gone).delete()
    return len(gone)


def expired() -> QuerySet[Run]:
    """Return the runs that are kept no longer. The site's own aren't among them, nor those of a class or of a quiz."""
    old = Run.objects.filter(asked_at__lt=timezone.now() - KEPT, is_pinned=False, state=Run.State.ENDED, reference=None)
    return old.filter(seen=None, assigned=None)


def tidy() -> int:
    """Delete all runs that are kept no longer; return how many. Forget those that were deleted long ago."""
    GoneRun.objects.filter(at__lt=timezone.now() - SAID).delete()
    return delete_all(expired(), GoneRun.Reason.EXPIRED)
