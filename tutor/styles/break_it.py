"""Break it: what can be done to the run at this step, and what came of it, beside the run before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tutor.runs.breaking import chain_of
from tutor.runs.models import Run
from tutor.trace.chances import chances_at
from tutor.trace.comparison import keyed
from tutor.trace.model import Step

from .compare import Named, compared
from .inputs import said_of
from .moment import Moment
from .registry import Style

BEFORE, AFTER = Named("Before", "the run before"), Named("After", "the new run")


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done to the run."""

    text: str
    before: Run
    """The run without it, and without what was done after it."""


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that its template uses. They are about the whole run, whatever the step."""
    if moment.run is None or moment.is_covered:
        return {"done": list(done(moment.run)) if moment.run else []}
    settings = moment.lesson.lab_settings(moment.knobs)
    found = chances_at(moment.trace, moment.position, settings) if moment.position else []
    return {
        "other": moment.other,
        **(compared(moment.other, moment, BEFORE, AFTER) if moment.other else {}),
        "chances": [each for each in found if each.at],
        "not_here": [each for each in found if not each.at],
        "done": list(done(moment.run)),
        "there": counterpart(moment),
    }


def done(run: Run) -> Iterator[Done]:
    """Yield what was done to a run, the first first."""
    for broken, origin in chain_of(run):
        yield Done(said_of(broken), origin)


def counterpart(moment: Moment) -> Step | None:
    """Return the step of the run that was broken last that is the same as the one at which that was done."""
    last = next(iter(reversed(list(chain_of(moment.run)))), None) if moment.run else None
    if last is None or moment.other is None:
        return None
    keys = list(keyed(moment.other.trace))
    place = last[0].breaking.step - 1
    return keyed(moment.trace).get(keys[place]) if place < len(keys) else None


STYLE = Style("Break it", 6, context, is_whole=True, has_other=True)
