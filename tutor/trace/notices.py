"""What the page says beside the rows: of events that are no step of the lesson, but that a reader has to know of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import ordinal

from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS

from .model import Seen

Payload = Mapping[str, Any]


def text_of(event: Seen, lesson: Lesson) -> str:
    """The notice that `event` makes, on one line; empty for an event that makes none."""
    if event.kind == "gate":
        return gate(event, lesson)
    if event.kind == "intervened":
        return intervened(event)
    tell = TELL.get(event.kind)
    return tell(event.payload).split("\n", 1)[0].removesuffix(TRACEBACK) if tell else ""


def gate(event: Seen, lesson: Lesson) -> str:
    says = next((each.says for each in lesson.gates if each.name == event.payload["name"]), "")
    return f"{says} The {event.lane} waited {event.payload['waited_ns'] / 1e6:.0f} ms.".strip()


def died(payload: Payload) -> str:
    by = payload.get("signal") or f"exit code {payload.get('exitcode')}"
    return f"The {payload['process']} {payload['died_pid']} died: {by}."


def intervened(event: Seen) -> str:
    asked = event.payload
    moment = MOMENTS.get(asked["event"], f"“{asked['event']}” is seen")
    done = ACTIONS[asked["action"]].done.format(process=event.lane)
    return f"As asked, the {ordinal(asked['count'])} time that {moment}: {done}."


TRACEBACK = " : Traceback (most recent call last):"
"""What django-q2 writes between an error and the lines of its traceback."""
MOMENTS = {
    "line": "the line is about to run",
    "queued": "a task is queued",
    "picked": "the pusher takes a task",
    "started": "a task starts",
    "returned": "a task's function returns",
    "finished": "a task is finished",
    "stored": "a Task row is stored",
}
"""Event → its moment, as a reader is told; of a line it is the one that the lesson or the case names."""
TELL: Mapping[str, Callable[[Payload], str]] = {
    "gate_expired": lambda told: f"The gate “{told['name']}” was not opened within {told['bound_s']:g} s.",
    "died": died,
    "limit": lambda told: f"The limit of {told['value']:g} {told['unit']} ({told['limit']}) was met.",
    "warned": lambda told: f"django-q2 warns: {told['text']}",
    "logged": lambda told: f"django-q2 logs: {told['text']}",
}
