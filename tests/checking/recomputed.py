"""Comparing two runs from their events, by other code than the trace's: by searching, with nothing carried over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tutor.checking.case_runs import CaseRun
from tutor.checking.recount import Recount
from tutor.trace.comparison import Comparison
from tutor.trace.model import RecordedEvent

Happened = tuple[str, str, str, object, int]
"""A kind of event, where, to which task, in which delivery, and how often that was before."""


def happenings(run: CaseRun) -> dict[Happened, tuple[str, str]]:
    """Return what happened at each step → the task's status, and the head of its result."""
    names = names_of(run.events)
    found: dict[Happened, tuple[str, str]] = {}
    before: Counter[tuple[str, str, str, object]] = Counter()
    for step in run.trace.steps:
        events = run.events[: step.event_number]
        recount, task = Recount(events), step.task
        what = events[-1].kind, where(events[-1], task), names.get(task, ""), delivery(events, task)
        status = recount.status(task) if task else "N/A"
        result = recount.result(task).partition(" : Traceback")[0] if task else "N/A"
        found[*what, before[what]] = status, without_ids(run.events, names, result)
        before[what] += 1
    return found


def where(event: RecordedEvent, task: str) -> str:
    if event.kind == "line":
        return f"{event.lane} {event.payload.get('file')} {event.payload.get('line')}"
    return "" if task else event.lane


def names_of(events: Sequence[RecordedEvent]) -> dict[str, str]:
    """Return id of a task → its place among those of the same name, such as "charge 2"."""
    names: dict[str, str] = {}
    of_name: Counter[str] = Counter()
    for each in events:
        id, func = each.payload.get("task"), each.payload.get("func")
        if id and func and id not in names:
            name = (each.payload.get("options") or {}).get("task_name") or func.rpartition(".")[2]
            of_name[name] += 1
            names[id] = f"{name} {of_name[name]}"
    return names


def delivery(events: Sequence[RecordedEvent], task: str) -> object:
    """Return which delivery of `task` the last event is about; None if that isn't known."""
    last = events[-1]
    if last.payload.get("delivery") or last.lane != "worker" or not task:
        return last.payload.get("delivery")
    begun = [each for each in events if each.kind == "started" and each.pid == last.pid]
    own = [each.payload.get("delivery") for each in begun if each.payload["task"] == task]
    return own[-1] if own else None


def without_ids(events: Sequence[RecordedEvent], names: dict[str, str], text: str) -> str:
    """Return `text` with pids left out, and the ids and names of tasks replaced by their places among those tasks."""
    known = {str(each.payload["name"]): each.payload["task"] for each in events if each.payload.get("func")}
    for name, id in known.items():
        text = text.replace(id, names.get(id, "")).replace(name, names.get(id, ""))
    for pid in {each.pid for each in events}:
        text = re.sub(rf"\b{pid}\b", "", text)
    return text


Place = tuple[str, int]
"""A run, X or Y, and the number of one of its steps."""


def first_differences(first: CaseRun, second: CaseRun) -> set[Place | None]:
    """Return the step at which two runs differ first; None without a difference.

    Both runs have a first step that the other one lacks, or has with other values. Which of the two comes first is told
    by the steps that both have. If these are in another order, either is right.
    """
    mine, theirs = happenings(first), happenings(second)
    in_x = next((what for what, values in mine.items() if values != theirs.get(what)), None)
    in_y = next((what for what in theirs if what not in mine), None)
    x = ("X", list(mine).index(in_x) + 1) if in_x else None
    y = ("Y", list(theirs).index(in_y) + 1) if in_y else None
    if x is None or y is None:
        return {x or y}
    both, order = [each for each in mine if each in theirs], [each for each in theirs if each in mine]
    if both != order:
        return {x, y}
    before_x = [each for each in list(mine)[: x[1] - 1] if each in theirs]
    before_y = [each for each in list(theirs)[: y[1] - 1] if each in mine]
    return {y if len(before_y) < len(before_x) or (before_y == before_x and in_x in theirs) else x}


def place_of(comparison: Comparison) -> Place | None:
    """Return the run (X or Y) and the number of the step of the first difference."""
    pair = comparison.first
    if pair is None:
        return None
    return ("X", pair.first.number) if pair.first else ("Y", pair.step.number)
