"""The runs of a browser: naming, pinning and deleting them, and deleting those that are kept no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from .models import Event, GoneRun, Run
from .writing import writing

KEPT = timedelta(days=30)
"""How long a run is kept that isn't pinned."""
MOST_PINNED = 100
"""The maximum pinned runs of a browser session."""
LONGEST_NAME = 60
AT_ONCE = 50
"""How many runs are deleted before others may write."""


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
        with writing, transaction.atomic():
            Event.objects.filter(run=run).delete_with_run()
            GoneRun.objects.create(public_id=run.public_id, lesson=run.lesson, reason=reason)
            run.delete()
    except ProtectedError as error:
        raise Refused("A class has seen this run. It is deleted with what is kept of the class.") from error


def delete_all(runs: Iterable[Run], reason: str = GoneRun.Reason.DELETED) -> int:
    """Delete those of `runs` that can be deleted; return how many."""
    deleted = 0
    for run in runs:
        try:
            delete(run, reason)
            deleted += 1
        except Refused:
            continue
    return deleted


def expired() -> Sequence[Run]:
    """Return some runs that are kept no longer. The site's own aren't among them, nor those of a class or of a quiz."""
    old = Run.objects.filter(asked_at__lt=timezone.now() - KEPT, is_pinned=False, state=Run.State.ENDED, reference=None)
    return list(old.filter(seen=None, assigned=None).order_by("pk")[:AT_ONCE])


def tidy() -> int:
    """Delete all runs that are kept no longer; return how many."""
    deleted, before = 0, None
    while (found := expired()) and found != before:
        deleted += delete_all(found, GoneRun.Reason.EXPIRED)
        before = found
    return deleted
