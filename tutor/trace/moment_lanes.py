"""The lanes of a run at one of its steps, in the form of a symptom: for the small picture of a moment. Pure."""

from __future__ import annotations

from .model import Trace
from .symptom import ShownBar, Symptom, SymptomLane
from .symptom_lanes import default_text
from .timeline import timeline_at

MOST = 6
"""The maximum number of lanes; those that appeared last are shown."""


def lanes_at(trace: Trace, position: int) -> Symptom | None:
    """Return the lanes after step `position` with the bars that had been seen by then; None if there are none yet."""
    timeline = timeline_at(trace, position)
    known = {(each.role, each.pid): each for each in timeline.processes}
    lanes = []
    for place in timeline.lanes[-MOST:]:
        process = known.get((place.name, place.pid))
        letter = process.letter if process else ""
        bars = (bar for bar in timeline.bars if bar.place == place and not bar.is_inside)
        shown = tuple(ShownBar(bar, default_text(bar) or bar.task_label, letter) for bar in bars)
        lanes.append(SymptomLane(process.label if process else place.name, shown))
    return Symptom(tuple(lanes)) if lanes else None
