"""Concept flow: the flow of the lesson as a large drawing with a token per task, and the same in words."""

from __future__ import annotations

from typing import Any

from .drawing.flow import draw_flow
from .drawing.flow_legend import legend_of
from .drawing.flow_picture import narrow_picture, tight_picture, wide_picture
from .drawing.flow_tokens import tokens_at
from .drawing.flow_ways import edges_in_words, ways
from .headline import headline
from .moment import Moment
from .registry import Style


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the template of this style uses. They contain nothing from later steps."""
    flow, state = moment.lesson.content.flow, moment.trace.state_at(moment.position)
    tokens = tokens_at(moment.trace, moment.position)
    edges = edges_in_words(flow, state, tokens, moment.steps)
    shown, more = ways(flow, tokens, moment.steps)
    flat = tight_picture if moment.page else wide_picture  # On the page of a class, which may be projected.
    upright, wide = (draw_flow(flow, state, tokens, picture) for picture in (narrow_picture, flat))
    return {
        **headline(moment),
        "flow": upright,
        "flow_wide": wide,
        "legend": legend_of(upright),
        "legend_wide": legend_of(wide),
        "ways": shown,
        "more_ways": more,
        "token_count": len(tokens.all),
        "taken_edges": [each for each in edges if each.times],
        "other_edges": [each for each in edges if not each.times],
        "class_question": moment.open_question,
    }


STYLE = Style("Concept flow", 2, context)
