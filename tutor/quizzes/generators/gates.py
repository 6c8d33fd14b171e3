"""What the gates of a lesson decide about the order of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from tutor.lessons.format.cases import Case
from tutor.lessons.lesson import Lesson
from tutor.trace.histories import Point
from tutor.trace.model import Trace


def ordered_by_gates(lesson: Lesson, case: Case, trace: Trace) -> Iterator[tuple[Point, Point, str]]:
    """Yield when a task is begun, when another one is queued that a gate holds up until then, and what it says."""
    for gate in (*lesson.gates_for(lesson.case_knobs(case)), *case.gates):
        name = gate.until.where.get("name")
        begun = [each.started for each in trace.executions if each.name == name and gate.until.event == "started"]
        for notice in trace.state.notices if begun else ():
            later = [
                each.queued
                for each in trace.tasks
                if each.queued and each.queued.pid == notice.pid and each.queued.at_ms >= notice.at_ms
            ]
            if notice.kind == "gate" and gate.says in notice.text and later:
                yield begun[0], min(later, key=lambda each: each.number), gate.says


def may_be_decided(points: Sequence[Point], before: frozenset[tuple[int, int]], trace: Trace) -> bool:
    """Return whether a gate was passed between two points of which nothing else says which one comes first."""
    passed = [each.at_ms for each in trace.state.notices if each.kind == "gate"]
    for one, other in combinations(range(len(points)), 2):
        first, last = sorted((points[one].at_ms, points[other].at_ms))
        if not {(one, other), (other, one)} & before and any(first <= at <= last for at in passed):
            return True
    return False
