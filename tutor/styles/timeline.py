"""Timeline: what each process did and what each table contained, on one clock that ends at the step."""

from __future__ import annotations

from typing import Any, get_args

from tutor.trace.timeline import ArrowKind

from .drawing.timeline_drawing import TimelineDrawing, draw_timeline
from .drawing.timeline_texts import clock
from .headline import headline
from .moment import Moment
from .registry import Style
from .step_by_step import class_question

BARS = (
    ("waiting", "queue", "due, waiting"),
    ("locked", "queue", "locked"),
    ("program", "caller", "program runs"),
    ("paused", "caller", "stays in one line"),
    ("execution", "worker-1", "task runs"),
    ("storing", "monitor", "on its way into the store"),
    ("stored", "store", "row is there"),
    ("rows", "table", "rows of the lesson's table"),
    ("band", "queue", "how many at once, locked ones darker"),
)
"""(kind of bar, colours, its name in the legend)"""
ARROWS = (("give", "hand-over"), ("read", "read from the database"))
SIGNS = (("death", "a process died"), ("gate", "a gate held it until here"), ("intervention", "an intervention"))


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that its template uses. They contain nothing from later steps."""
    timeline = draw_timeline(moment.trace, moment.position) if moment.position else None
    return {
        **headline(moment),
        "class_question": class_question(moment),
        "timeline": timeline,
        **(parts(timeline) if timeline else {}),
    }


def parts(timeline: TimelineDrawing) -> dict[str, Any]:
    """Return what surrounds the drawing."""
    kinds = timeline.kinds
    return {
        "heights": timeline.heights,
        "now_text": clock(timeline.now),
        "arrow_kinds": get_args(ArrowKind),
        "legend": {
            "bars": [each for each in BARS if each[0] in kinds],
            "arrows": [each for each in ARROWS if each[0] in kinds],
            "signs": [each for each in SIGNS if each[0] in kinds],
        },
    }


STYLE = Style("Timeline", 4, context)
