"""Quiz: one question at a time about this run, beside the execution table and the variables.

The question is the viewer's own part: the stage has a place for it. Reading the table is the task.
"""

from __future__ import annotations

from typing import Any

from tutor.trace.timeline import timeline_at

from .drawing.source import listings
from .moment import Moment
from .registry import Style
from .row_groups import row_groups
from .step_by_step import execution, since, tracker


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that the parts of this style use. They contain nothing from later steps."""
    trace, position = moment.trace, moment.position
    rows = row_groups(trace.steps, position, moment.lesson.content.folds)
    files = listings(moment.lesson, moment.knobs, trace.state_at(position))
    return {**execution(moment, rows, timeline_at(trace, position, since(rows)), files), **tracker(moment)}


STYLE = Style("Quiz", 8, context)
