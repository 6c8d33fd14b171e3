"""The events of a run, a line for each: as text for a terminal, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tutor.protocol.event_fields import ADDED_FIELDS, STACK
from tutor.protocol.texts import shortened
from tutor.trace.model import RecordedEvent, Trace
from tutor.trace.processes import label_among
from tutor.trace.projector import completed

BRIEF = 40
"""The maximum length of a field in a line for a terminal, in characters."""
LEFT_OUT = ("task", "function", "hits", *STACK, *ADDED_FIELDS)
"""Fields that aren't in a line for a terminal."""


def event_objects(events: Iterable[RecordedEvent], trace: Trace) -> Iterator[str]:
    """Yield each event as JSON, with all that is known of its task and whole pictures of the tables."""
    for event in completed(events):
        fields = {
            "number": event.number,
            "at_ms": event.at / 1e6,
            "lane": event.lane,
            "process_label": label_among(trace.processes, event.lane, event.pid),
            "pid": event.pid,
            "kind": event.kind,
            "payload": event.payload,
        }
        yield json.dumps(fields, ensure_ascii=False)


def event_lines(events: Iterable[RecordedEvent], trace: Trace) -> Iterator[str]:
    """Yield each event as text. What its task was queued with is in the task's first event only."""
    known: set[str] = set()
    for event in completed(events):
        process = f"{label_among(trace.processes, event.lane, event.pid)} {event.pid}"
        task = trace.histories.tasks.get(event.payload.get("task") or "")
        described = task.description if task and task.id in known else {}
        fields = fields_in_brief(event.payload, task.label if task else "", described)
        known |= {task.id} if task else set()
        yield f"{event.number:>5}  +{event.at / 1e6:<9.1f} {process:<16} {event.kind:<13} {fields}".rstrip()


def fields_in_brief(payload: Mapping[str, Any], task: str, described: Mapping[str, Any]) -> str:
    """Return the fields of a payload in brief: first the label of its task, then all that `described` doesn't say."""
    own = {name: value for name, value in payload.items() if name not in LEFT_OUT and described.get(name) != value}
    shown = {"task": task} | own
    return " ".join(f"{name}={in_brief(name, value)}" for name, value in shown.items() if value not in ("", None, {}))


def in_brief(name: str, value: Any) -> str:
    if name == "rows":
        return ",".join(f"{table}:{seen['count'] if seen else '?'}" for table, seen in value.items())
    text = value if isinstance(value, str) and value.isprintable() else json.dumps(value, ensure_ascii=False)
    return shortened(text, BRIEF)
