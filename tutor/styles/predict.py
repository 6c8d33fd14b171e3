"""Predict: the steps that are uncovered so far, and before the next one the question what it is."""

from __future__ import annotations

from typing import Any

from .drawing.gutter import marked
from .drawing.source import listings
from .moment import Moment
from .registry import Style
from .step_by_step import context as of_step_by_step


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later steps."""
    state = moment.trace.state_at(moment.position)
    files = marked(listings(moment.lesson, moment.knobs, state), state, bounded=False)
    knobs = [(knob.label, moment.knobs[knob.name]) for knob in moment.lesson.content.knobs]
    return {**of_step_by_step(moment), "listings": files, "knob_values": knobs}


STYLE = Style("Predict", 5, context)
