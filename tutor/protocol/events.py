"""The kinds of events, with the lanes that they come from and the fields of their payloads.

Lessons are checked against this table when they load: an event, a lane or a field that isn't here is a mistake with a
file and a line. What the fields mean is documented where they are observed, in `tutor.labs.inside`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .lanes import QUEUEING, WORKING, Lane

FieldType = Literal["text", "number", "yes or no", "list", "names"] | Mapping[str, Any]
"""A field's type: a scalar, a list, `names` (name → text, for a frame's locals), or further fields by name."""

ROWS: Mapping[str, FieldType] = {table: {"count": "number", "rows": "list"} for table in ("OrmQ", "Task")}
TASK: Mapping[str, FieldType] = {"task": "text", "name": "text"}
STORED: Mapping[str, FieldType] = {"success": "yes or no", "result": "text", "error": "text"}


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event."""

    says: str
    """What happened, in a sentence."""
    lanes: tuple[str, ...] = tuple(Lane)
    """Where it can come from."""
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    """Field of the payload → its type."""


KINDS: Mapping[str, EventKind] = {
    "asked": EventKind(
        "A run was asked for.",
        (Lane.HOST,),
        {"lesson": "text", "edition": "text", "knobs": "names", "interventions": "list", "program": "text"},
    ),
    "opened": EventKind(
        "The lab's root process runs.",
        (Lane.LAB,),
        {"python": "text", "django": "text", "django_q": "text", "settings": "text"},
    ),
    "ready": EventKind("The cluster is running.", (Lane.SENTINEL,), {"workers": "number"}),
    "spawned": EventKind("A worker process began, a first one or a replacement.", (Lane.WORKER,)),
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
        QUEUEING,
        {**TASK, "func": "text", "ack": "number"},
    ),
    "rolled_back": EventKind(
        "The transaction that a task was queued in was rolled back.",
        QUEUEING,
        {**TASK, "func": "text", "ack": "number"},
    ),
    "queued": EventKind(
        "A task's row in the queue was committed.",
        QUEUEING,
        {**TASK, "func": "text", "args": "text", "ack": "number", "rows": ROWS},
    ),
    "picked": EventKind(
        "The pusher took a task from the queue.",
        (Lane.PUSHER,),
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
        (Lane.MONITOR, Lane.CALLER),
        {**TASK, **STORED, "attempt_count": "number", "created": "yes or no", "rows": ROWS},
    ),
    "acknowledged": EventKind(
        "A task's row was taken out of the queue.",
        (Lane.MONITOR, Lane.CALLER),
        {**TASK, "ack": "number", "rows": ROWS},
    ),
    "died": EventKind(
        "A process of the lab died without being asked; `task` is the one that it was executing, if any.",
        (Lane.SENTINEL, Lane.CLUSTER, Lane.LAB),
        {"process": "text", "died_pid": "number", "signal": "text", "exitcode": "number", "task": "text"},
    ),
    "printed": EventKind("Something was printed.", tuple(Lane), {"stream": "text", "text": "text"}),
    "logged": EventKind("django-q2 logged a warning or worse.", tuple(Lane), {"level": "text", "text": "text"}),
    "warned": EventKind("A Python warning was given.", tuple(Lane), {"text": "text"}),
    "raised": EventKind("The program raised.", (Lane.CALLER,), {"error": "text", "traceback": "text"}),
    "program_ended": EventKind("The program is over.", (Lane.CALLER,), {"error": "text", "locals": "names"}),
    "gate": EventKind("A gate was opened.", tuple(Lane), {"name": "text", "waited_ns": "number"}),
    "gate_expired": EventKind("A gate was not opened in time.", (Lane.HOST,), {"name": "text", "bound_s": "number"}),
    "intervened": EventKind(
        "Something is about to be done to the lab, as asked.",
        tuple(Lane),
        {"action": "text", "event": "text", "count": "number", "seconds": "number"},
    ),
    "scheduled": EventKind("The sentinel has asked the scheduler, as if half a minute had passed.", (Lane.SENTINEL,)),
    "limit": EventKind(
        "A limit was met.",
        (Lane.HOST,),
        {"limit": "text", "unit": "text", "value": "number", "seen": "number"},
    ),
    "idle": EventKind(
        "The program is over, nothing runs and no delivery is due.",
        (Lane.LAB,),
        {"rows": ROWS, "waiting": "number"},
    ),
    "ended": EventKind("The run is over.", (Lane.HOST,), {"outcome": "text", "reason": "text"}),
}


def field_type(kind: str, name: str) -> FieldType | None:
    """Return the type of the field `name` of `kind` (dotted, such as "rows.OrmQ.count"); None if there is none."""
    found: FieldType = KINDS[kind].fields
    for part in name.split("."):
        if found == "names":
            found = "text"
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            return None
    return found
