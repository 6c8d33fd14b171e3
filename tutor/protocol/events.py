"""The kinds of events that a lesson may name, with the lanes they come from and the fields of their payloads.

Lessons are checked against this table when they load: an event, a lane or a field that isn't here is a mistake with
file and line. What the fields mean is said where they are observed, in `tutor.labs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Shape = Literal["text", "number", "yes or no", "list", "names"] | Mapping[str, Any]
"""A field's shape: a scalar, a list, `names` (name → text, open: a frame's locals), or further fields by name."""

LANES = ("caller", "cluster", "sentinel", "pusher", "worker", "monitor", "lab", "host")
"""The roles of a lab's processes; "lab" is its root process, "host" is outside it."""

WORKING = ("worker", "caller")
"""Who runs tasks: a worker, or the caller itself under `sync=True`."""

ROWS: Mapping[str, Shape] = {table: {"count": "number", "rows": "list"} for table in ("OrmQ", "Task")}
TASK: Mapping[str, Shape] = {"task": "text", "name": "text"}
STORED: Mapping[str, Shape] = {"success": "yes or no", "result": "text", "error": "text"}


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event."""

    says: str
    lanes: tuple[str, ...] = LANES
    fields: Mapping[str, Shape] = field(default_factory=dict)


KINDS: Mapping[str, EventKind] = {
    "asked": EventKind(
        "A run was asked for.",
        ("host",),
        {"lesson": "text", "edition": "text", "knobs": "names", "interventions": "list", "program": "text"},
    ),
    "opened": EventKind(
        "The lab's root process runs.",
        ("lab",),
        {"python": "text", "django": "text", "django_q": "text", "settings": "text"},
    ),
    "ready": EventKind("The cluster is running.", ("sentinel",), {"workers": "number"}),
    "spawned": EventKind("A worker process began, a first one or a replacement.", ("worker",)),
    "line": EventKind(
        "A line of the lesson's files is about to run, and `ran` has just run.",
        WORKING,
        {
            "file": "text",
            "line": "number",
            "ran": "number",
            "function": "text",
            "locals": "names",
            "hits": "number",
            "returned": "text",
            "task": "text",
        },
    ),
    "uncommitted": EventKind(
        "A task was queued inside a transaction.",
        ("caller", "monitor", "sentinel", "worker"),
        {**TASK, "func": "text", "ack": "number"},
    ),
    "rolled_back": EventKind(
        "The transaction that a task was queued in was rolled back.",
        ("caller", "monitor", "sentinel", "worker"),
        {**TASK, "func": "text", "ack": "number"},
    ),
    "queued": EventKind(
        "A task's row in the queue was committed.",
        ("caller", "monitor", "sentinel", "worker"),
        {**TASK, "func": "text", "args": "text", "ack": "number", "rows": ROWS},
    ),
    "picked": EventKind(
        "The pusher took a task from the queue.",
        ("pusher",),
        {**TASK, "delivery": "number", "rows": ROWS},
    ),
    "started": EventKind(
        "A task's function was entered.",
        WORKING,
        {**TASK, "func": "text", "args": "text", "ack": "number", "delivery": "number", "rows": ROWS},
    ),
    "returned": EventKind(
        "A task's function was left, by return or by exception.",
        WORKING,
        {**TASK, "func": "text", "delivery": "number", "error": "text"},
    ),
    "finished": EventKind(
        "The worker knows the task's result; nothing is stored yet.",
        WORKING,
        {**TASK, "func": "text", "delivery": "number", **STORED},
    ),
    "stored": EventKind(
        "A Task row was saved.",
        ("monitor", "caller"),
        {**TASK, **STORED, "attempt_count": "number", "created": "yes or no", "rows": ROWS},
    ),
    "acknowledged": EventKind(
        "A task's row was taken out of the queue.",
        ("monitor", "caller"),
        {**TASK, "ack": "number", "rows": ROWS},
    ),
    "died": EventKind(
        "A process of the lab died without being asked; `task` is the one that it was executing, if any.",
        ("sentinel", "cluster", "lab"),
        {"process": "text", "died_pid": "number", "signal": "text", "exitcode": "number", "task": "text"},
    ),
    "printed": EventKind("Something was printed.", LANES, {"stream": "text", "text": "text"}),
    "logged": EventKind("django-q2 logged a warning or worse.", LANES, {"level": "text", "text": "text"}),
    "warned": EventKind("A Python warning was given.", LANES, {"text": "text"}),
    "raised": EventKind("The program raised.", ("caller",), {"error": "text", "traceback": "text"}),
    "program_ended": EventKind("The program is over.", ("caller",), {"error": "text", "locals": "names"}),
    "gate": EventKind("A gate was opened.", LANES, {"name": "text", "waited_ns": "number"}),
    "gate_expired": EventKind("A gate was not opened in time.", ("host",), {"name": "text", "bound_s": "number"}),
    "intervened": EventKind(
        "Something is about to be done to the lab, as asked.",
        LANES,
        {"action": "text", "event": "text", "count": "number", "seconds": "number"},
    ),
    "scheduled": EventKind("The sentinel has asked the scheduler, as if half a minute had passed.", ("sentinel",)),
    "limit": EventKind(
        "A limit was met.",
        ("host",),
        {"limit": "text", "unit": "text", "value": "number", "seen": "number"},
    ),
    "idle": EventKind(
        "The program is over, nothing runs and no delivery is due.",
        ("lab",),
        {"rows": ROWS, "waiting": "number"},
    ),
    "ended": EventKind("The run is over.", ("host",), {"outcome": "text", "reason": "text"}),
}


def shape_of(kind: str, name: str) -> Shape | None:
    """The shape of the field `name` (dotted, such as "rows.OrmQ.count") in the payload of `kind`; None if none."""
    found: Shape = KINDS[kind].fields
    for part in name.split("."):
        if found == "names":
            found = "text"
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            return None
    return found
