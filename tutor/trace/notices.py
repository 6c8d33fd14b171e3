"""Notices: texts beside the steps, for events that a reader must know of whether or not they make a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tutor.lessons.lesson import Lesson
from tutor.protocol.actions import ACTIONS
from tutor.protocol.texts import amount, number_text

from .model import RecordedEvent

TRACEBACK = " : Traceback (most recent call last):"
"""The text that django-q2 logs between an error and its traceback."""
MOMENTS = {
    "line": "the line is about to run",
    "queued": "a task is queued",
    "picked": "the pusher takes a task",
    "started": "a task starts",
    "returned": "a task's function returns",
    "finished": "a task is finished",
    "stored": "a Task row is stored",
}
"""Event kind → the moment as the page describes it. For `line`, the lesson or the case names the line."""


def whole_text(event: RecordedEvent) -> str:
    """Return all that was logged or warned of, if the notice of `event` has only a part of it; otherwise empty."""
    if event.kind not in ("logged", "warned"):
        return ""
    text, traceback = str(event.payload["text"]).rstrip(), event.payload.get("traceback")
    if traceback:
        return f"{text}\n{traceback.rstrip()}"
    return text if "\n" in text else ""


def notice_text(event: RecordedEvent, lesson: Lesson) -> str:
    """Return the text of the notice that `event` makes; empty if it makes none."""
    text = TEXTS.get(event.kind)
    return text(event, lesson) if text else ""


def gate(event: RecordedEvent, lesson: Lesson) -> str:
    name, waited_ms = event.payload["name"], event.payload["waited_ns"] / 1e6
    description = next((each.says for each in lesson.content.all_gates if each.name == name), "")
    long = f"{number_text(round(waited_ms / 1000, 1))} s" if waited_ms >= 1000 else f"{waited_ms:.0f} ms"
    waited = f"waited {long}" if round(waited_ms) else "did not have to wait"
    return f"{description} The {event.lane} {waited}.".strip()


def gate_expired(event: RecordedEvent, lesson: Lesson) -> str:
    return f"The gate “{event.payload['name']}” was not opened within {event.payload['bound_s']:g} s."


def intervened(event: RecordedEvent, lesson: Lesson) -> str:
    payload = event.payload
    moment = MOMENTS.get(payload["event"], f"the event “{payload['event']}” occurs")
    done = ACTIONS[payload["action"]].notice.format(process=event.lane)
    return f"As asked, the {ordinal(payload['count'])} time that {moment}: {done}."


def ordinal(number: int) -> str:
    """Return `number` as "1st", "2nd", "3rd"…"""
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def not_started(event: RecordedEvent, lesson: Lesson) -> str:
    payload = event.payload
    return (
        f"The {event.lane} did not enter {payload['func']}: {payload['reason'].rstrip('.')}.{swallowed(payload, ' ')}"
    )


def started(event: RecordedEvent, lesson: Lesson) -> str:
    return swallowed(event.payload)


def swallowed(payload: Mapping[str, Any], before: str = "") -> str:
    """Return a sentence, after `before`, about the function's parameters that were taken as options; "" without any."""
    names = payload.get("swallowed") or ""
    if not names:
        return ""
    *first, last = names.split(", ")
    which = f"{', '.join(first)} and {last}" if first else last
    what = (
        "options of the task, although the function has such parameters"
        if first
        else ("an option of the task, although the function has such a parameter")
    )
    return f"{before}async_task kept {which} as {what}: {payload['func']} doesn't get {'them' if first else 'it'}."


def died(event: RecordedEvent, lesson: Lesson) -> str:
    payload = event.payload
    cause = payload.get("signal") or f"exit code {payload.get('exitcode')}"
    return f"The {payload['process']} {payload['died_pid']} died: {cause}."


def limit(event: RecordedEvent, lesson: Lesson) -> str:
    payload = event.payload
    return f"The limit of {amount(payload['value'], payload['unit'])} was reached."


def warned(event: RecordedEvent, lesson: Lesson) -> str:
    return f"django-q2 warns: {summary(event)}"


def logged(event: RecordedEvent, lesson: Lesson) -> str:
    error = event.payload.get("error")
    return f"django-q2 logs: {summary(event)}{f': {error}' if error else ''}"


def input_read(event: RecordedEvent, lesson: Lesson) -> str:
    return f"The {event.lane} reads its standard input, which is empty in a lab, as it is for a service."


def summary(event: RecordedEvent) -> str:
    """Return the first line of a message, without the words that introduce a traceback."""
    return str(event.payload["text"]).split("\n", 1)[0].removesuffix(TRACEBACK)


TEXTS: Mapping[str, Callable[[RecordedEvent, Lesson], str]] = {
    "gate": gate,
    "gate_expired": gate_expired,
    "intervened": intervened,
    "started": started,
    "not_started": not_started,
    "died": died,
    "limit": limit,
    "warned": warned,
    "logged": logged,
    "input_read": input_read,
}
"""Event kind → the text of its notice."""
