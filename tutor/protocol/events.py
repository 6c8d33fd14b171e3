"""The kinds of events, with the lanes that they come from and the fields of their payloads.

Lessons are checked against `KINDS` when they are loaded: an event, a lane or a field that isn't here is an error with a
file and a line. A test checks that what labs send is as it is defined here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .lanes import QUEUEING, WORKING, Lane

FieldType = Literal["text", "number", "yes or no", "list", "names"] | Mapping[str, Any]
"""A field's type: a scalar, a list, `names` (name → text, for a frame's locals), or further fields by name.

A field of any type can be missing or None.
"""
Fields = Mapping[str, FieldType]
"""Name → type."""

ROWS: Fields = {table: {"count": "number", "rows": "list"} for table in ("OrmQ", "Task")}
"""A snapshot: how many rows each table has, and the first of them."""
TASK: Fields = {"task": "text", "name": "text"}
CALL: Fields = {**TASK, "func": "text"}
QUEUED: Fields = {**CALL, "args": "text", "ack": "number"}
"""A task and its row in the queue, whose id is `ack`."""
DELIVERED: Fields = {**QUEUED, "delivery": "number"}
"""And which delivery of it this is, from 1."""
OUTCOME: Fields = {"success": "yes or no", "result": "text", "error": "text"}

ADDED_FIELDS: Fields = {"read": "list", "blocked_ns": "number", "raw_at": "number"}
"""Fields that an event of any kind can have beside its own. The site orders events by them; lessons can't name them.

`read`: the Task rows (id, attempt_count) that the process has read since its last event.
`blocked_ns`: how long the process waited to send its last event, as the socket was full.
`raw_at`: when the event happened by the process's own clock, if the recorder has moved it behind its cause.
"""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event."""

    description: str
    """What happened, in a sentence."""
    lanes: tuple[Lane, ...] = tuple(Lane)
    """The lanes that it can come from."""
    fields: Fields = field(default_factory=dict)
    """The fields of its payload."""
    can_be_breakpoint: bool = True
    """Whether its process can be stopped at it: whether gates can stand there, and interventions be done."""


KINDS: Mapping[str, EventKind] = {
    "asked": EventKind(
        "A run was asked for.",
        (Lane.HOST,),
        {
            "lesson": "text",
            "edition": "text",
            "knobs": "names",
            "interventions": "list",
            "program": "text",
            "monotonic_ns": "number",
        },
        can_be_breakpoint=False,
    ),
    "opened": EventKind(
        "The lab's first process, the supervisor, runs.",
        (Lane.LAB,),
        {"python": "text", "django": "text", "django_q": "text", "settings": "text"},
    ),
    "ready": EventKind("The cluster is running.", (Lane.SENTINEL,), {"workers": "number"}),
    "spawned": EventKind("A worker began: a first one, a replacement, or the caller under `sync=True`.", WORKING),
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
    "uncommitted": EventKind("A task was queued inside a transaction.", QUEUEING, {**QUEUED, "rows": ROWS}),
    "rolled_back": EventKind("The transaction that a task was queued in was rolled back.", QUEUEING, QUEUED),
    "queued": EventKind("A task's row in the queue was committed.", QUEUEING, {**QUEUED, "rows": ROWS}),
    "picked": EventKind("The pusher took a task from the queue.", (Lane.PUSHER,), {**DELIVERED, "rows": ROWS}),
    "started": EventKind("A task's function was entered.", WORKING, {**DELIVERED, "rows": ROWS}),
    "returned": EventKind(
        "A task's function was left, by return or by exception.",
        WORKING,
        {**CALL, "delivery": "number", "error": "text"},
    ),
    "finished": EventKind(
        "The worker knows the task's result; nothing is stored yet.",
        WORKING,
        {**DELIVERED, **OUTCOME},
        can_be_breakpoint=False,  # The worker holds its timer's lock.
    ),
    "stored": EventKind(
        "A Task row was saved.",
        (Lane.MONITOR, *WORKING),
        {**CALL, **OUTCOME, "attempt_count": "number", "created": "yes or no", "result_of": "text", "rows": ROWS},
    ),
    "acknowledged": EventKind(
        "A task's row was taken out of the queue.",
        (Lane.MONITOR, *WORKING),
        {**TASK, "ack": "number", "rows": ROWS},
    ),
    "died": EventKind(
        "A process of the lab died without being asked; `task` is the one that it was executing, if any.",
        (Lane.SENTINEL, Lane.CLUSTER, Lane.LAB),
        {"process": "text", "died_pid": "number", "signal": "text", "exitcode": "number", "task": "text"},
        can_be_breakpoint=False,
    ),
    "printed": EventKind("Something was printed.", tuple(Lane), {"stream": "text", "text": "text"}),
    "logged": EventKind(
        "django-q2 logged a warning or worse.",
        tuple(Lane),
        {"level": "text", "text": "text"},
        can_be_breakpoint=False,
    ),
    "warned": EventKind("A Python warning was given.", tuple(Lane), {"text": "text"}),
    "raised": EventKind("The program raised.", (Lane.CALLER,), {"error": "text", "traceback": "text"}),
    "program_ended": EventKind("The program has ended.", (Lane.CALLER,), {"error": "text", "locals": "names"}),
    "gate": EventKind(
        "A gate was opened.",
        tuple(Lane),
        {"name": "text", "waited_ns": "number"},
        can_be_breakpoint=False,
    ),
    "gate_expired": EventKind(
        "A gate was not opened in time.",
        (Lane.HOST,),
        {"name": "text", "bound_s": "number"},
        can_be_breakpoint=False,
    ),
    "intervened": EventKind(
        "Something is about to be done to the lab, as asked.",
        tuple(Lane),
        {"action": "text", "event": "text", "count": "number", "seconds": "number"},
        can_be_breakpoint=False,
    ),
    "scheduled": EventKind(
        "The sentinel has asked the scheduler, as if half a minute had passed.",
        (Lane.SENTINEL,),
        can_be_breakpoint=False,
    ),
    "limit": EventKind(
        "A limit was met.",
        (Lane.HOST,),
        {"limit": "text", "unit": "text", "value": "number", "seen": "number"},
        can_be_breakpoint=False,
    ),
    "idle": EventKind(
        "The program has ended, nothing runs and no delivery is due.",
        (Lane.LAB,),
        {"rows": ROWS, "waiting": "number"},
        can_be_breakpoint=False,
    ),
    "ended": EventKind(
        "The run has ended.",
        (Lane.HOST,),
        {"outcome": "text", "reason": "text"},
        can_be_breakpoint=False,
    ),
}
"""Name → kind."""


def field_type(kind: str, name: str) -> FieldType | None:
    """Return the type of the field `name` of `kind` (dotted where nested, such as "rows.OrmQ.count"), or None."""
    found: FieldType = KINDS[kind].fields
    for part in name.split("."):
        if found == "names":
            found = "text"
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            return None
    return found
