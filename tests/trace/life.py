"""The events of the life of a task, made up, with as much in them as the trace reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.trace.events import MadeUpEvent, event

NEW_FIELDS = ("delivery", "kwargs", "options", "lock_s")
"""What events of the first edition lack, apart from the delivery of a `picked`, `started`, `returned` or `finished`."""
QUEUED_WITH = {"args": "(1, -1)", "kwargs": "{}", "options": {}}


def named(task: str = "t1", func: str = "shop.tasks.charge", **options: Any) -> dict[str, Any]:
    """Return what an event says of a task: its id, name and function, and what it was queued with."""
    return {"task": task, "name": f"name of {task}", "func": func, **QUEUED_WITH, "options": options}


def by(pid: int, each: MadeUpEvent) -> MadeUpEvent:
    """Return the event of another process with the same role."""
    return replace(each, pid=pid)


def of_first_edition(each: MadeUpEvent) -> MadeUpEvent:
    """Return an event as the first edition recorded it."""
    lacks = [name for name in NEW_FIELDS if name != "delivery" or each.kind in ("stored", "acknowledged")]
    return replace(each, payload={name: value for name, value in each.payload.items() if name not in lacks})


def queued(task: str = "t1", lane: str = "caller", **fields: Any) -> MadeUpEvent:
    return event("queued", lane, **{**named(task), **fields})


def uncommitted(task: str = "t1") -> MadeUpEvent:
    return event("uncommitted", "caller", **named(task))


def rolled_back(task: str = "t1") -> MadeUpEvent:
    return event("rolled_back", "caller", **named(task))


def picked(task: str = "t1", delivery: int = 1, lock_s: float = 60) -> MadeUpEvent:
    return event("picked", "pusher", **named(task), delivery=delivery, lock_s=lock_s)


def started(task: str = "t1", delivery: int | None = 1, lane: str = "worker") -> MadeUpEvent:
    return event("started", lane, **named(task), delivery=delivery)


def not_started(task: str = "t1", delivery: int | None = 1, lane: str = "worker") -> MadeUpEvent:
    return event("not_started", lane, **named(task), delivery=delivery, reason="no such function")


def returned(task: str = "t1", delivery: int | None = 1, lane: str = "worker", error: str | None = None) -> MadeUpEvent:
    return event("returned", lane, task=task, delivery=delivery, error=error)


def finished(
    task: str = "t1", delivery: int | None = 1, lane: str = "worker", success: bool = True, result: str = "-1.0"
) -> MadeUpEvent:
    return event("finished", lane, task=task, delivery=delivery, success=success, result=result, error=None)


def stored(
    task: str = "t1", delivery: int | None = 1, lane: str = "monitor", success: bool = True, **fields: Any
) -> MadeUpEvent:
    saved = {"result": "-1.0", "error": None, "attempt_count": 1, "created": True, "result_of": task}
    return event("stored", lane, **{**named(task), "delivery": delivery, "success": success, **saved, **fields})


def acknowledged(task: str = "t1", delivery: int | None = 1) -> MadeUpEvent:
    return event("acknowledged", "monitor", task=task, name=f"name of {task}", delivery=delivery, ack=1)


def deleted(task: str = "t1") -> MadeUpEvent:
    return event("deleted", "monitor", task=task, name=f"name of {task}", func="shop.tasks.charge")


def died(pid: int, process: str = "worker", **fields: Any) -> MadeUpEvent:
    how = {"signal": "SIGKILL", "exitcode": None, **fields}
    return event("died", "sentinel", process=process, died_pid=pid, **how)


def read(*rows: tuple[str, int], lane: str = "caller", **fields: Any) -> MadeUpEvent:
    """Return the event of a line whose process has read these Task rows (id, attempt count)."""
    return line(None, 9, lane=lane, read=[list(row) for row in rows], **fields)


def line(line: int | None, ran: int | None, lane: str = "caller", **fields: Any) -> MadeUpEvent:
    payload = {"file": "program.py", "line": line, "ran": ran, "function": "<module>", "locals": {}, "hits": 1}
    return event("line", lane, **{**payload, **fields})


def program_ended(**names: str) -> MadeUpEvent:
    return event("program_ended", "caller", error=None, locals=names)


def printed(text: str, lane: str = "worker") -> MadeUpEvent:
    return event("printed", lane, stream="stdout", text=text)


def idle() -> MadeUpEvent:
    return event("idle", "lab", waiting=0)


def gate(lane: str, **more: Any) -> tuple[MadeUpEvent, MadeUpEvent]:
    """Return the beginning and the end of a process's wait at a gate."""
    return event("gate_reached", lane, name="later", **more), event("gate", lane, name="later", waited_ns=1, **more)
