"""What each lane of a timeline does at its step, as one line. Pure."""

from __future__ import annotations

from collections import Counter

from tutor.protocol.lanes import Lane
from tutor.trace.bars import QUEUE, RESULTS, Bar, Place, seen
from tutor.trace.histories import Process
from tutor.trace.timeline import Timeline

from .timeline_texts import Writer, delivered, rows


def state_of(place: Place, timeline: Timeline, writer: Writer, number: int) -> str:
    """Return what the process or table does after the event with that number."""
    bars = [bar for bar in timeline.bars if bar.place == place]
    if place.name == QUEUE:
        return queue(bars, writer, number)
    if place.name == RESULTS:
        return results(bars)
    if not place.pid:
        return rows(next((bar.count for bar in reversed(bars) if bar.end_ms is None), 0))
    process = next((each for each in timeline.processes if (each.role, each.pid) == place), None)
    return of_process(process, bars, writer) if process else ""


def queue(bars: list[Bar], writer: Writer, number: int) -> str:
    there = {bar.task for bar in bars if not seen(writer.tasks[bar.task].acknowledged, number)}
    locked = {bar.task: bar for bar in bars if bar.kind == "locked" and (bar.end_ms or 0.0) > writer.now_ms}
    if len(there) == len(locked) == 1:
        (lock,) = locked.values()
        return f"1 row, locked until {writer.clock(lock.end_ms or 0.0)}"
    return rows(len(there)) + (f", {len(locked.keys() & there)} locked" if there else "")


def results(bars: list[Bar]) -> str:
    there = Counter("success" if bar.success else "failed" for bar in bars if bar.end_ms is None)
    return ", ".join([rows(there.total()), *(f"{count} {status}" for status, count in there.items())])


def of_process(process: Process, bars: list[Bar], writer: Writer) -> str:
    """Return what a process does, or since when it does nothing."""
    if process.died_ms is not None:
        return f"died ({process.died}), noticed at {writer.clock(process.died_ms)}"
    if process.killed:
        return f"killed at {writer.clock(process.killed.at_ms)}"
    executions = [bar for bar in bars if bar.kind == "execution"]
    if going := [bar for bar in executions if bar.end_ms is None]:
        return f"runs {delivered(going[-1])}, since {writer.clock(going[-1].begin.at_ms)}"
    if process.role == Lane.CALLER:
        return program(process, bars, writer)
    if executions and executions[-1].end_ms is not None:
        return f"free since {writer.clock(executions[-1].end_ms)}"
    if stored := [bar for bar in bars if bar.kind == "storing" and bar.end_ms is not None]:
        return f"nothing to store since {writer.clock(stored[-1].end_ms or 0.0)}"
    return f"last heard of at {writer.clock(process.last_ms)}"


def program(process: Process, bars: list[Bar], writer: Writer) -> str:
    if process.ended:
        return f"ended at {writer.clock(process.ended.at_ms)}"
    open_bar = next((bar for bar in reversed(bars) if bar.end_ms is None), None)
    if open_bar and open_bar.kind == "paused":
        return f"stays in one line since {writer.clock(open_bar.begin.at_ms)}"
    return "runs"
