"""Runs that were broken on purpose: another run, once more, with an intervention at one of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from tutor.protocol.interventions import Intervention

from .aims import aimed
from .models import Breaking, Run
from .service import enqueue, store
from .versions import lesson_of

MOST_INTERVENTIONS = 5
"""The maximum interventions of a run that were added one after the other."""
MOST_CHAIN = 50
"""How many runs are looked back at that were made one from the other."""


class TooManyInterventions(Exception):
    """A run has as many interventions as it may. The message tells what to do."""


class Deed(Protocol):
    """What is to be done, and where, such as a `tutor.trace.chances.Chance`."""

    @property
    def action(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def seconds(self) -> float: ...


def broken(origin: Run, step: int, deed: Deed, *, session: SessionBase, address: str | None) -> Run:
    """Start `origin` once more, with what is to be done at its step `step`; return the new run.

    Raises TooManyRuns, TooManyInterventions, and `aims.Impossible`.
    """
    interventions = interventions_with(origin, deed)
    lesson = lesson_of(origin)
    with transaction.atomic():
        run = store(lesson, origin.knobs, session=session, address=address, interventions=interventions)
        Breaking.objects.create(run=run, origin=origin, step=step)
    enqueue(run)
    return run


def repaired(origin: Run, knobs: dict[str, Any], *, session: SessionBase, address: str | None) -> Run:
    """Start a broken run once more with other knobs and the same interventions; return it. Raises TooManyRuns."""
    with transaction.atomic():
        run = store(lesson_of(origin), knobs, session=session, address=address, interventions=origin.interventions)
        Breaking.objects.create(run=run, origin=origin, step=origin.breaking.step, is_repair=True, is_shown=True)
    enqueue(run)
    return run


def interventions_with(origin: Run, deed: Deed) -> list[dict[str, Any]]:
    """Return the interventions of a run, as it stores them, with what is to be done.

    Raises TooManyInterventions and `aims.Impossible`.
    """
    if len(own_interventions(origin.interventions)) >= MOST_INTERVENTIONS:
        raise TooManyInterventions(f"At most {MOST_INTERVENTIONS} things can be done to a run. Take one back first.")
    intervention = aimed(list(origin.events.all()), deed.at, deed.action, deed.seconds)
    return [*origin.interventions, intervention.to_json()]


def chain_of(run: Run) -> list[tuple[Run, Run]]:
    """Return (run, the run that it was made from) for what was done to a run, the first first, without repairs.

    It begins later if an earlier run isn't kept any more.
    """
    chain: list[tuple[Run, Run]] = []
    for _ in range(MOST_CHAIN):
        breaking = Breaking.objects.filter(run=run).select_related("origin").first()
        if breaking is None or breaking.origin is None:
            break
        if not breaking.is_repair:
            chain.insert(0, (run, breaking.origin))
        run = breaking.origin
    return chain


def own_interventions(stored: Sequence[dict[str, Any]]) -> list[Intervention]:
    """Return the interventions that were added to a run. Those of a lesson's cases are aimed at no subject."""
    return [Intervention.from_json(each) for each in stored if each.get("subject")]
