"""Break it: what can be done to the run at this step, and what came of what was done, beside the run before."""

from __future__ import annotations

from typing import Any

from tutor.trace.chances import chances_at

from .compare import Named, compared
from .drawing.gutter import marked
from .drawing.source import listings
from .inputs import deeds_of
from .moment import Moment
from .registry import Style

BEFORE, AFTER = Named("Before", "the run before"), Named("After", "the new run")


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that its template uses. They are about the whole run, whatever the step."""
    if moment.run is None:
        return {}
    done = {"done": deeds_of(moment.run)}
    if moment.is_covered:
        return done
    settings = moment.lesson.lab_settings(moment.knobs)
    found = chances_at(moment.trace, moment.position, settings) if moment.position else []
    state = moment.trace.state_at(moment.position)
    return {
        **done,
        **(compared(moment.other, moment, BEFORE, AFTER) if moment.other else {}),
        "listings": marked(listings(moment.lesson, moment.knobs, state), state, bounded=True),
        "chances": [each for each in found if each.at],
        "not_here": [each for each in found if not each.at],
    }


STYLE = Style("Break it", 6, context, is_whole=True, has_play=False, has_other=True)
