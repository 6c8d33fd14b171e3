"""Event kinds, with the lanes that they come from and the fields of their payloads.

Lessons are checked against `KINDS` when they are loaded: an unknown event, lane or field is an error that gives the
file and the line. A test checks that the events of labs match these definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .event_fields import (
    ADDRESSED,
    DELIVERED,
    OF_CLUSTER,
    OUTCOME,
    STACK,
    SWALLOWED,
    TABLE,
    TASK,
    TIMES,
    Fields,
    FieldType,
)
from .lanes import QUEUEING, WORKING, Lane


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
    """Whether the process can be paused at this event. Gates and interventions require it."""


KINDS: Mapping[str, EventKind] = {
    "asked": EventKind(
        "A run was requested.",
        (Lane.HOST,),
        {
            "lesson": "text",
            "version": "text",
            "knobs": "names",
            "interventions": "list",
            "program": "text",
            "monotonic_ns": "number",
        },
        can_be_breakpoint=False,
    ),
    "opened": EventKind(
        "The lab's first process, the supervisor, has started.",
        (Lane.LAB,),
        {"python": "text", "django": "text", "django_q": "text", "settings": "text"},
    ),
    "ready": EventKind("The cluster is running.", (Lane.SENTINEL,), {"workers": "number"}),
    "spawned": EventKind("A worker started; under `sync=True`, the caller started to act as one.", WORKING),
    "line": EventKind(
        "A line of the lesson's files is about to run; the line `ran` has just run.",
        WORKING,
        {
            "file": "text",
            "line": "number",
            "ran": "number",
            "function": "text",
            "locals": "names",
            "hits": "number",
            "returned": "text",
            **STACK,
            **TASK,
        },
    ),
    "uncommitted": EventKind("A task was queued inside a transaction.", QUEUEING, {**ADDRESSED, "rows": "tables"}),
    "rolled_back": EventKind("The transaction that a task was queued in was rolled back.", QUEUEING, ADDRESSED),
    "queued": EventKind("A task's row in the queue was committed.", QUEUEING, {**ADDRESSED, "rows": "tables"}),
    "picked": EventKind(
        "The pusher took a task from the queue, and locked its row for `lock_s` seconds.",
        (Lane.PUSHER,),
        {**DELIVERED, "lock_s": "number", "rows": "tables"},
    ),
    "started": EventKind("A task's function was entered.", WORKING, {**DELIVERED, **SWALLOWED, "rows": "tables"}),
    "not_started": EventKind(
        "A task's function was not entered, for a reason such as wrong arguments; if that is an exception which"
        " django-q2 doesn't handle, the worker ends.",
        WORKING,
        {**DELIVERED, **SWALLOWED, "reason": "text"},
        can_be_breakpoint=False,  # A worker may hold its timer's lock.
    ),
    "returned": EventKind(
        "A task's function returned or raised an exception.",
        WORKING,
        {**DELIVERED, "error": "text"},
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
        {
            **TASK,
            **OUTCOME,
            "delivery": "number",
            "attempt_count": "number",
            "created": "yes or no",
            "result_of": "text",
            **TIMES,
            "rows": "tables",
        },
    ),
    "deleted": EventKind("A Task row was deleted.", (Lane.MONITOR, *WORKING), {**TASK, "rows": "tables"}),
    "acknowledged": EventKind(
        "A task's row was deleted from the queue, `because` of a “success”, of an “ack_failure”, or of “max_attempts”,"
        " when it is given up.",
        (Lane.MONITOR, *WORKING),
        {**DELIVERED, "because": "text", "rows": "tables"},
    ),
    "died": EventKind(
        "A process of the lab ended unexpectedly; `task` is the task that it was executing, if any.",
        (Lane.SENTINEL, Lane.CLUSTER, Lane.LAB),
        {**TASK, "process": "text", "died_pid": "number", "signal": "text", "exitcode": "number"},
        can_be_breakpoint=False,
    ),
    "printed": EventKind("A process printed text.", tuple(Lane), {**TASK, "stream": "text", "text": "text"}),
    "input_read": EventKind(
        "A process read its standard input, which is empty.", tuple(Lane), {**TASK}, can_be_breakpoint=False
    ),
    "logged": EventKind(
        "django-q2 logged a message of level WARNING or higher, maybe with an exception: its last line, and all of it.",
        tuple(Lane),
        {**TASK, "level": "text", "text": "text", "error": "text", "traceback": "text"},
        can_be_breakpoint=False,
    ),
    "warned": EventKind("Python issued a warning.", tuple(Lane), {**TASK, "text": "text"}),
    "raised": EventKind("The program raised an exception.", (Lane.CALLER,), {"error": "text", "traceback": "text"}),
    "program_ended": EventKind("The program has ended.", (Lane.CALLER,), {"error": "text", "locals": "names"}),
    "gate_reached": EventKind(
        "A process has reached a gate that isn't open, and waits.",
        tuple(Lane),
        {"task": "text", "name": "text"},
        can_be_breakpoint=False,
    ),
    "gate": EventKind(
        "A process has passed a gate, after a wait if it wasn't open.",
        tuple(Lane),
        {"task": "text", "name": "text", "waited_ns": "number"},
        can_be_breakpoint=False,
    ),
    "gate_expired": EventKind(
        "A gate was not opened in time.",
        (Lane.HOST,),
        {"name": "text", "bound_s": "number"},
        can_be_breakpoint=False,
    ),
    "intervened": EventKind(
        "An intervention is about to take place.",
        tuple(Lane),
        {"task": "text", "action": "text", "event": "text", "count": "number", "seconds": "number"},
        can_be_breakpoint=False,
    ),
    "scheduled": EventKind(
        "The sentinel has called the scheduler, as if half a minute had passed.",
        (Lane.SENTINEL,),
        can_be_breakpoint=False,
    ),
    "limit": EventKind(
        "A limit was reached.",
        (Lane.HOST,),
        {"limit": "text", "unit": "text", "value": "number", "seen": "number"},
        can_be_breakpoint=False,
    ),
    "idle": EventKind(
        "The program has ended, no task is being executed and no delivery is due; `left` says which rows stay, if any.",
        (Lane.LAB,),
        {"rows": "tables", "waiting": "number", "left": "text"},
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


def fields_of(kind: str) -> Fields:
    """Return the fields that an event of this kind can have: its own, and the name of its cluster."""
    return {**KINDS[kind].fields, **OF_CLUSTER}


def field_type(kind: str, name: str) -> FieldType | None:
    """Return the type of the field `name` of `kind` (dotted where nested, such as "rows.OrmQ.count"), or None."""
    found: FieldType = fields_of(kind)
    for part in name.split("."):
        if found == "names":
            found = "text"
        elif found == "tables":
            found = TABLE
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            return None
    return found
