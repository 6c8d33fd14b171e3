"""Timeline: what each process did and what each table contained, on one clock that ends at the step."""

from __future__ import annotations

from typing import Any

from tutor.protocol.lanes import Lane
from tutor.trace.bars import QUEUE, RESULTS

from .drawing import timeline_svg as svg
from .drawing.lane_places import WORKERS
from .drawing.timeline_drawing import Drawing, draw_timeline
from .drawing.timeline_labels import now_svg
from .drawing.timeline_rows import table_rows
from .drawing.timeline_texts import clock
from .headline import headline
from .moment import Moment
from .registry import Style

BARS = (
    ("waiting", "queue", "due, waiting"),
    ("locked", "queue", "locked"),
    ("program", "caller", "program runs"),
    ("paused", "caller", "stays in one line"),
    ("held", "infra", "waits at a gate"),
    ("execution", "worker", "task runs"),
    ("storing", "infra", "on its way into the store"),
    ("dropped", "infra", "a result that is dropped"),
    ("stored", "store", "row is there"),
    ("failed", "store", "row of a failure"),
    ("rows", "table", "rows of the lesson's table"),
    ("several", "others", "several, too near to be told apart"),
    ("band", "queue", "how many at once, locked ones hatched"),
)
"""(look of a bar, its colour, its name in the legend)"""
ARROWS = (
    ("give", "queue", "hand-over"),
    ("read", "store", "read from the database"),
    ("write", "worker", "wrote to the lesson's table"),
)
"""(kind of an arrow, its colour in the legend, its name there)"""
HEADS = ("caller", "store", "table", "infra", "others", *WORKERS)
"""The colours of arrows, each of which has a head of its own. That of the queue's is in `parts/patterns.html`."""
SIGNS = (
    ("death", "a process died"),
    ("gate", "a gate: the lab made it wait until here"),
    ("intervention", "an intervention"),
)
LANES = {
    Lane.CALLER: "runs the program",
    QUEUE: "the queue, a table of the database",
    Lane.CLUSTER: "the main process of the cluster",
    Lane.SENTINEL: "starts the cluster’s processes and replaces those that died",
    Lane.PUSHER: "takes tasks from the queue and hands them to workers",
    Lane.WORKER: "executes tasks",
    Lane.MONITOR: "stores the results",
    RESULTS: "the results, a table of the database",
}
"""Role of a process, or table of django-q2 → what it does, or is."""


def context(moment: Moment) -> dict[str, Any]:
    """Return the names that its template uses. They contain nothing from later steps."""
    can_break = moment.run is not None and not moment.page
    found = {**headline(moment), "class_question": moment.open_question, "can_break": can_break}
    if not moment.position:
        return found
    drawing = draw_timeline(moment.trace, moment.position)
    return {**found, "timeline": drawing, **parts(drawing, moment.step_address)}


def parts(drawing: Drawing, address: str) -> dict[str, Any]:
    """Return what the template shows of a drawing; the address of a step begins with `address`."""
    kinds = drawing.kinds
    looks = {place.name: lane.lane.look for lane in reversed(drawing.lanes) for place in lane.lane.places}
    return {
        "zoomed": svg.zoomed_svg(drawing),
        "over": svg.over_svg(drawing),
        "at_cursor": now_svg(drawing),
        "ticks": svg.ticks_svg(drawing),
        "lines": svg.lines_svg(drawing),
        "fold_names": svg.folds_svg(drawing),
        "flags": svg.flags_svg(drawing, address),
        "measure_line": svg.measure_svg(drawing),
        "table": list(table_rows(drawing)),
        "now_text": clock(drawing.now),
        "states": zip(drawing.lanes, drawing.states, strict=True),
        "heads": HEADS,
        "legend": {
            "bars": [each for each in BARS if each[0] in kinds],
            "arrows": [each for each in ARROWS if each[0] in kinds],
            "signs": [each for each in SIGNS if each[0] in kinds],
            "lanes": [(name, looks[name], text) for name, text in LANES.items() if name in looks],
        },
    }


STYLE = Style("Timeline", 4, context)
