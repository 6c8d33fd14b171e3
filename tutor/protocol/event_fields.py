"""The fields of events' payloads, and what several kinds of events have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

FieldType = Literal["text", "number", "yes or no", "list", "names", "tables"] | Mapping[str, Any]
"""A field's type: a scalar, a list, `names` (name → text, for a frame's locals), `tables` (name → `TABLE`, for a
snapshot), or further fields by name.

A field of any type can be missing or None.
"""
Fields = Mapping[str, FieldType]
"""Name → type."""

TABLES = ("OrmQ", "Task")
"""The tables of django-q2 that every snapshot has. The lesson's own tables follow."""
TABLE: Fields = {
    "count": "number",
    "rows": "list",
    "table": "text",
    "database": "text",
    "in_transaction": "yes or no",
}
"""A table in a snapshot: how many rows it has, its first ones, its name in the database, the database's alias, and
whether the process that read it had a transaction open there."""
OPTIONS: Fields = {
    "task_name": "text",
    "group": "text",
    "hook": "text",
    "cluster": "text",
    "timeout": "number",
    "save": "yes or no",
    "sync": "yes or no",
    "cached": "yes or no",
    "ack_failure": "yes or no",
    "iter_count": "number",
    "chain": "number",
}
"""What `async_task` was given beside the arguments, without what was left out. `chain` is how many links follow."""
TASK: Fields = {"task": "text", "name": "text", "func": "text", "args": "text", "kwargs": "text", "options": OPTIONS}
"""A task, by its id, and what it was queued with.

An event that is about a task has at least its id; the first one of each task has all of it. `tutor.trace` completes the
others before it applies rules, and so does a lab before it looks for a breakpoint.
"""
QUEUED: Fields = {**TASK, "ack": "number"}
"""A task and its row in the queue, whose id is `ack`."""
ADDRESSED: Fields = {**QUEUED, "for_cluster": "text"}
"""A task and its row in the queue, with the cluster that it is for, unless that can only be the lab's main one."""
DELIVERED: Fields = {**QUEUED, "delivery": "number"}
"""A task, its row in the queue, and the number of its delivery, from 1."""
SWALLOWED: Fields = {"swallowed": "text"}
"""The names of the function's parameters that got no argument because `async_task` took it as an option, such as
"group, timeout"; missing if there are none."""
OUTCOME: Fields = {"success": "yes or no", "result": "text", "error": "text"}
TIMES: Fields = {"started_ago_ns": "number", "stopped_ago_ns": "number"}
"""How long before the event the times lie that a Task row has in its columns `started` and `stopped`. The events of old
runs don't have these fields."""
STACK: Fields = {"stack": "list", "depth": "number"}
"""The lesson's own frames that wait for the one of a line, the nearest first, each as (file, function, line): at most
`limits.STACK` of them, and how many there are. Lines that no other frame waits for don't have these fields, nor do the
events of old runs."""

ADDED_FIELDS: Fields = {"read": "list", "saved": "list", "blocked_ns": "number", "raw_at": "number"}
"""Fields that an event of any kind can have in addition to its own. They aren't available to lessons.

`read`: the Task rows (id, attempt_count) that the process has read since its previous event.
`saved`: the lesson's tables, by name, of which the process has saved rows since its previous event.
`blocked_ns`: how long the process waited to send its previous event because the socket was full.
`raw_at`: the event's original time, if the recorder has moved the event after its cause.
"""
OF_CLUSTER: Fields = {"cluster": "text"}
"""What an event of any kind has if it comes from a process of a cluster and the lab runs several: its name."""
SNAPSHOT: Fields = {"rows": "tables"}
"""What an event of any kind has if its process has written to a database since it last looked."""
