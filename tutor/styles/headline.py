"""The headline of a step: its sentence, and the way of its token through the concept flow."""

from __future__ import annotations

from typing import Any

from .drawing.flow import stops
from .drawing.flow_tokens import tokens_at
from .moment import Moment

STOPS = 24
"""The maximum nodes that are shown of the way of a token."""


def headline(moment: Moment) -> dict[str, Any]:
    """Return the names that `templates/styles/parts/headline.html` uses in addition to those of `Moment.context`."""
    token = moment.steps[-1].token if moment.steps else None
    path = stops(moment.lesson.content.flow, token) if token else ()
    return {
        "step_tag": tokens_at(moment.trace, moment.position).tag(token) if token else "",
        "token_path": path[-STOPS:],
        "earlier_stops": max(0, len(path) - STOPS),
    }
