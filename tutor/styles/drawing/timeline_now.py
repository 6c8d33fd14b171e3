"""What each lane of a timeline does at its step, in a few words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tutor.protocol.lanes import Lane
from tutor.trace.bars import Bar
from tutor.trace.histories import Process

from .lane_places import last_ms
from .timeline_lanes import MarkedLane
from .timeline_texts import Writer, delivered, rows


def state_of(lane: MarkedLane, writer: Writer) -> str:
    """Return what the process or table of a lane does now; of several, how many bars go on."""
    live = [bar for bar in lane.bars if last_ms(bar) > writer.now_ms]
    if len(lane.lane.places) > 1:
        return f"{len(live)} go on"
    if lane.lane.of_table:
        return of_table(live, writer)
    process = next((each for each in writer.processes if (each.role, each.pid) == lane.lane.places[0]), None)
    return of_process(process, lane.bars, live, writer) if process else ""


def of_table(live: Sequence[Bar], writer: Writer) -> str:
    """Return how many rows a table has, and how many of them are locked, or have which status."""
    count = sum(bar.count or 1 for bar in live)
    locked = [bar for bar in live if bar.kind == "locked"]
    if count == len(locked) == 1:
        return f"1 row, locked until {writer.clock(locked[0].end_ms or 0.0)}"
    status: Counter[str] = Counter()
    for bar in live:
        if bar.kind != "rows":
            status[{None: "", True: "success", False: "failed"}[bar.success]] += bar.count or 1
    of_status = [f"{number} {name}" for name, number in status.items() if name]
    return ", ".join([rows(count), *of_status, *([f"{len(locked)} locked"] if locked else [])])


def of_process(process: Process, bars: Sequence[Bar], live: Sequence[Bar], writer: Writer) -> str:
    """Return what a process does, or since when it does nothing."""
    if process.died_ms is not None:
        return f"died ({process.died}), noticed at {writer.clock(process.died_ms)}"
    if process.killed:
        return f"killed at {writer.clock(process.killed.at_ms)}"
    if process.ended:
        return f"ended at {writer.clock(process.ended.at_ms)}"
    for bar in reversed(live):
        if bar.kind == "execution":
            verb = "has run" if bar.returned_ms is not None else "runs"
            return f"{verb} {delivered(bar)}, since {writer.clock(bar.begin.at_ms)}"
        if bar.kind == "storing":
            return f"has the result of {delivered(bar)}, since {writer.clock(bar.begin.at_ms)}"
        if bar.kind == "paused":
            where = "waits at a gate" if bar.at_gate else "stays in one line"
            return f"{where} since {writer.clock(bar.begin.at_ms)}"
    if process.role == Lane.CALLER:
        return "runs"
    ended = [bar.end_ms for bar in bars if bar.end_ms is not None]
    return f"free since {writer.clock(max(ended))}" if ended else f"last heard of at {writer.clock(process.last_ms)}"
