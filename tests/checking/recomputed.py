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


def first_difference(first: CaseRun, second: CaseRun) -> tuple[str, int] | None:
    """Return the run (X or Y) and the number of the step at which two runs differ first; None without a difference.

    Up to it, both have the same steps with the same values.
    """
    mine, theirs = happenings(first), happenings(second)
    order = list(theirs)
    for number, (what, values) in enumerate(mine.items(), 1):
        if what not in theirs:
            return "X", number
        told = [each for each in order[: order.index(what)] if each not in mine]
        if told:
            return "Y", order.index(told[0]) + 1
        if values != theirs[what]:
            return "X", number
    left = [each for each in order if each not in mine]
    return ("Y", order.index(left[0]) + 1) if left else None


def place_of(comparison: Comparison) -> tuple[str, int] | None:
    """Return the run (X or Y) and the number of the step of the first difference."""
    pair = comparison.first
    if pair is None:
        return None
    return ("X", pair.first.number) if pair.first else ("Y", pair.step.number)
