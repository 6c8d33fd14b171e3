"""The processes of a run, as events go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from string import ascii_uppercase

from tutor.protocol.lanes import Lane

from .histories import Pause, Point, Process
from .model import RecordedEvent, point_of

ARTICLES = {Lane.CALLER: "the program"}
"""Lane → how a sentence speaks of its process; by default "the" and its role."""


class Processes:
    """The processes that events came from, in order of appearance."""

    def __init__(self) -> None:
        self.by_pid: dict[tuple[str, int], Process] = {}
        """(lane, pid) → process. A pid may come again, in another role, in a long run."""
        self.workers = 0

    def apply(self, event: RecordedEvent) -> None:
        """Note the process of `event`, and the one whose death it reports."""
        point = point_of(event)
        if event.lane != Lane.HOST:
            key = event.lane, event.pid
            cluster = event.payload.get("cluster", "")
            known = self.by_pid.get(key) or self.new(event.lane, event.pid, point, cluster)
            self.by_pid[key] = after(known, event, point)
        if event.kind == "died":
            payload = event.payload
            key = payload.get("process") or "", payload["died_pid"]
            if dead := self.by_pid.get(key):
                how = payload.get("signal") or f"exit code {payload.get('exitcode')}"
                self.by_pid[key] = replace(dead, died_ms=point.at_ms, died=how)

    def new(self, role: str, pid: int, first: Point, cluster: str) -> Process:
        letter = ""
        if role == Lane.WORKER:
            letter = letter_of(self.workers)
            self.workers += 1
        return Process(role, pid, letter, first, first, cluster=cluster)

    def label(self, lane: str, pid: int) -> str:
        """Return the name of a process on pages, such as "worker A"."""
        known = self.by_pid.get((lane, pid))
        return known.label if known else lane

    def spoken(self, lane: str, pid: int) -> str:
        """Return the name of a process as a sentence has it: "worker A", "the monitor of long", "the program"."""
        known = self.by_pid.get((lane, pid))
        if known and known.letter:
            return known.full_label
        return ARTICLES.get(Lane(lane), f"the {known.full_label if known else lane}")


def after(process: Process, event: RecordedEvent, point: Point) -> Process:
    """Return `process` after one of its own events."""
    if event.kind == "intervened" and event.payload["action"] == "kill":
        return replace(process, last=point, killed=point)
    pause = process.pause_at(point.at_ms)
    return replace(
        process,
        last=point,
        pauses=(*process.pauses, replace(pause, end=point)) if pause else process.pauses,
        gate=Pause(point, None, True, event.payload.get("task", "")) if event.kind == "gate_reached" else None,
        ended=process.ended or (point if event.kind == "program_ended" else None),
    )


def label_among(processes: Iterable[Process], role: str, pid: int) -> str:
    """Return the name of a process on pages if it is among `processes`; otherwise its role."""
    return next((each.label for each in processes if (each.role, each.pid) == (role, pid)), role)


def letter_of(index: int) -> str:
    """Return A for 0, B for 1, … Z for 25, then AA, AB…"""
    more, last = divmod(index, len(ascii_uppercase))
    return (letter_of(more - 1) if more else "") + ascii_uppercase[last]
