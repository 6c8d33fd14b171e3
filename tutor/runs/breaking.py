"""Runs that were broken on purpose: another run, once more, with an intervention at one of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q

from tutor.protocol.interventions import Intervention

from .aims import aimed
from .models import Breaking, LessonVersion, Run
from .reaiming import reaimed
from .references import ABORTED
from .service import enqueue, known_key, start, store
from .versions import lesson_of

MOST_INTERVENTIONS = 5
"""The maximum interventions of a run that were added one after the other."""
MOST_CHAIN = 50
"""How many runs are looked back at that were made one from the other."""
MOST_LOOKED_AT = 50
"""In how many runs one with certain inputs is looked for."""


class TooManyInterventions(Exception):
    """A run has as many interventions as it may. The message tells what to do."""


class NotKept(Exception):
    """A run that is asked for isn't kept any more. The message tells what to do."""


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
    """Start a broken run once more with other knobs and the same interventions; return it. Raises TooManyRuns.

    They are done in the functions that the knobs choose; see `reaiming`.

    Its yardstick is a run with these knobs to which nothing was done; it is started, too, unless there is one.
    """
    lesson, whole = lesson_of(origin), without_own(origin.interventions)
    again = reaimed(origin.interventions, lesson, origin.knobs, knobs)
    with transaction.atomic():
        run = store(lesson, knobs, session=session, address=address, interventions=again)
        known = with_inputs(run.version, knobs, whole, session)
        yardstick = known or store(lesson, knobs, session=session, address=address, interventions=whole)
        named = {"origin": origin, "step": origin.breaking.step, "yardstick": yardstick}
        Breaking.objects.create(run=run, is_repair=True, is_shown=True, **named)
    enqueue(run, *([] if known else [yardstick]))
    return run


def taken_back(run: Run, number: int, *, session: SessionBase, address: str | None) -> Run:
    """Return a run as it was before intervention `number`, from 1, and before those that followed it.

    It has the knobs of `run`, so it is started if a repair has changed them. Raises NotKept and TooManyRuns.
    """
    steps_back, chain = len(own_interventions(run.interventions)) - number + 1, chain_of(run)
    if not 0 < steps_back <= len(chain):
        raise NotKept("The run without this isn’t kept any more. You can run the lesson again.")
    before = chain[-steps_back][1]
    if before.knobs == run.knobs:
        return before
    if own_interventions(before.interventions):
        return repaired(before, run.knobs, session=session, address=address)
    return with_inputs(run.version, run.knobs, before.interventions, session) or start(
        lesson_of(run), run.knobs, session=session, address=address, interventions=before.interventions
    )


def with_inputs(
    version: LessonVersion | None, knobs: dict[str, Any], interventions: list[dict[str, Any]], session: SessionBase
) -> Run | None:
    """Return a run that came to its end with these inputs: one of the browser session's, or of the site's own."""
    whose = Q(reference__number__isnull=False) | Q(session=known_key(session) or "", session__gt="")
    found = Run.objects.filter(whose, version=version, state=Run.State.ENDED).order_by("-pk")[:MOST_LOOKED_AT]
    same = (each for each in found if (each.knobs, each.interventions) == (knobs, interventions))
    return next((each for each in same if outcome_of(each) not in ABORTED), None)


def outcome_of(run: Run) -> str:
    """Return how a run has ended; empty as long as it goes on."""
    ended = run.events.filter(kind="ended").first()
    return str(ended.payload["outcome"]) if ended else ""


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


def without_own(stored: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the interventions of a lesson's case, as a run stores them, without those that were added."""
    return [each for each in stored if not each.get("subject")]
