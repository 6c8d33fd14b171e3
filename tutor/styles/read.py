"""Read: why it matters, how it works inside, what this run costs, and what it showed so far. It prints as a handout."""

from __future__ import annotations

from typing import Any

from tutor.trace.costs import costs_at

from .drawing.costs import TITLES, cost_table
from .headline import headline
from .moment import Moment
from .registry import Style
from .texts import texts


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later steps."""
    costs = costs_at(moment.trace, moment.position)
    return {
        **headline(moment),
        **texts(moment),
        "costs": costs,
        "cost_titles": TITLES.values(),
        "cost_table": cost_table(costs, moment.steps),
    }


STYLE = Style("Read", 9, context, has_play=False)
