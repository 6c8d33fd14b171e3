"""What goes on in a lane now, in a few words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tutor.trace.bars import Bar, Place
from tutor.trace.histories import Process
from tutor.trace.timeline import Timeline

from .lane_places import Lane, last_ms

HAS_ENDED, AT_END = "has ended", "at its end"
"""What is said of a program that has ended, and of one that has returned from its last line, and is about to."""


def now_in(
    lane: Lane, bars: Sequence[Bar], timeline: Timeline, tags: Mapping[str, str], at_end: Collection[Place] = ()
) -> str:
    """Return what goes on in a lane now, in a few words; `at_end` has the callers at the end of their program."""
    live = [bar for bar in bars if bar.begin.at_ms <= timeline.now_ms < last_ms(bar)]
    own = {(each.role, each.pid): each for each in timeline.processes}
    if len(lane.places) > 1:
        return f"{len(live)} go on" if live else ""
    if lane.of_table:
        return rows_now(live)
    return AT_END if lane.places[0] in at_end else process_now(own.get(lane.places[0]), live, tags)


def rows_now(live: Sequence[Bar]) -> str:
    rows = sum(bar.count or 1 for bar in live)
    locked = sum(bar.kind == "locked" for bar in live)
    text = f"{rows} row{'' if rows == 1 else 's'}"
    if not locked:
        return text
    return f"{text}, locked" if locked == rows else f"{text}, {locked} locked"


def process_now(process: Process | None, live: Sequence[Bar], tags: Mapping[str, str]) -> str:
    if process and process.died_ms is not None:
        return "died"
    if process and process.ended:
        return HAS_ENDED
    if any(bar.at_gate for bar in live):
        return "waits at a gate"
    for bar in live:
        if bar.kind in ("program", "paused"):
            return "runs" if bar.kind == "program" else "waits"
        tag = tags.get(bar.task_label, "")
        delivery = f"×{bar.delivery}" if (bar.delivery or 1) > 1 else ""
        verb = "stores" if bar.kind == "storing" else "has run" if bar.returned_ms is not None else "runs"
        return f"{verb} {tag}{delivery}"
    return ""
