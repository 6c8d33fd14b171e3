"""Aiming an intervention: from an event of a run to a description by which another run finds the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.labs.host.subjects import Subjects
from tutor.protocol.actions import ACTIONS
from tutor.protocol.events import KINDS
from tutor.protocol.interventions import INSIDE_THE_TASK, Intervention, Subject
from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation
from tutor.protocol.when import When

from .models import Event


class Impossible(ValueError):
    """Nothing can be done there. The message says why."""


def aimed(events: Sequence[Event], number: int, action: str, seconds: float = 0.0) -> Intervention:
    """Return the intervention that does `action` at the event with that number.

    `events` are all events of the run, from 1. In a task, it may be the next event inside the same function, or its
    return. Raises Impossible.
    """
    target = target_of(events, number, action)
    subjects = Subjects()
    for event in events[: target.number]:
        subjects.observe(observation_of(event))
    subject = subject_of(target, subjects)
    where = {name: target.payload[name] for name in ("file", "line", "function")} if target.kind == "line" else {}
    at = When(target.kind, target.lane, 1, where)
    return Intervention(replace(at, count=hits(events[: target.number], at, subject)), action, seconds, subject)


def done_at(events: Sequence[Event], intervention: Intervention) -> int | None:
    """Return the number of the event that tells that the intervention was done; None if it wasn't.

    `events` are those of a run with the intervention, from 1.
    """
    subjects, subject = Subjects(), intervention.subject
    what = intervention.action, intervention.at.event, intervention.at.count or 1
    for event in events:
        subjects.observe(observation_of(event))
        payload = event.payload
        if event.kind != "intervened" or (payload["action"], payload["event"], payload["count"]) != what:
            continue
        if subject is None or "task" not in payload:
            return event.number  # What the host has done names no task: the moment decides.
        if event.lane != Lane.WORKER and subject.kind == "task":
            subject = replace(subject, delivery=None)  # It may have got another number since the process was stopped.
        if subjects.is_about(subject, event.lane, event.pid, payload):
            return event.number
    return None


def target_of(events: Sequence[Event], number: int, action: str) -> Event:
    """Return the event at which the action takes place."""
    event = events[number - 1]
    match ACTIONS[action].target:
        case "task":
            return inside_the_task(events, event)
        case "gate":
            return last_stop(events[: number - 1], event)
        case _:
            return event if KINDS[event.kind].can_be_breakpoint else last_stop(events[: number - 1], event)


def inside_the_task(events: Sequence[Event], event: Event) -> Event:
    """Return the event itself if its worker is inside a task's function there, or else the next one in that function.

    For the result of a function, it is its return.
    """
    own = [each for each in events if each.pid == event.pid and each.lane == Lane.WORKER]
    if event.kind == "finished":
        before = [each for each in own if each.number < event.number and each.kind == "returned"]
        return before[-1] if before else raise_impossible()
    for each in own:
        if each.number >= event.number and each.kind in INSIDE_THE_TASK:
            return each if each.kind != "started" or each is event else raise_impossible()
    return raise_impossible()


def raise_impossible() -> Event:
    raise Impossible("No worker is inside a task's function at this step.")


def last_stop(events: Sequence[Event], event: Event) -> Event:
    """Return the last of `events` at which the process of `event` can be stopped for a moment."""
    for each in reversed(events):
        if each.pid == event.pid and KINDS[each.kind].can_be_breakpoint:
            return each
    raise Impossible("No process of the lab stops at this step.")


def subject_of(event: Event, subjects: Subjects) -> Subject:
    """Return what the event is about."""
    if known := subjects.tasks.get(event.payload.get("task") or ""):
        func = str(known["func"])
        same = [task for task, each in subjects.tasks.items() if each["func"] == func]
        task = event.payload["task"]
        delivery = subjects.delivery_of(task, event.lane, event.pid, event.payload)
        return Subject("task", same.index(task) + 1, func, delivery)
    return Subject("caller" if event.lane == Lane.CALLER else "cluster")


def hits(events: Sequence[Event], at: When, subject: Subject) -> int:
    """Return how often the moment has come by the last of `events`."""
    subjects, found = Subjects(), 0
    for event in events:
        subjects.observe(observation_of(event))
        payload = subjects.described(event.payload)
        found += at.matches(event.kind, event.lane, payload) and subjects.is_about(
            subject, event.lane, event.pid, payload
        )
    return found


def observation_of(event: Event) -> Observation:
    return Observation(0, event.pid, event.lane, event.at, event.kind, event.payload)
