"""The rows of the tables OrmQ and Task, as the current process sees them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_init
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Task

from tutor.protocol.lanes import WORKING
from tutor.protocol.limits import ROWS

from .probe import probe
from .tasks import outcome, unpacked

BRIEF = 200
"""Maximum number of characters of a result in a snapshot."""


def rows() -> dict[str, Any] | None:
    """Return a snapshot of both tables, through this process's own connection; None if they can't be read now."""
    try:
        queued = list(OrmQ.objects.using(Conf.ORM).order_by("pk").values_list("pk", "payload", "lock")[: ROWS + 1])
        fields = ("id", "name", "func", "success", "result", "attempt_count")
        stored = list(Task.objects.order_by("started", "pk").values(*fields)[: ROWS + 1])
        queued_count = len(queued) if len(queued) <= ROWS else OrmQ.objects.using(Conf.ORM).count()
        stored_count = len(stored) if len(stored) <= ROWS else Task.objects.count()
    except Exception:
        return None
    now = timezone.now()
    waiting = [queue_row(pk, payload, bool(lock and lock > now)) for pk, payload, lock in queued[:ROWS]]
    done = [{**row, "result": brief(outcome(row["result"], row["success"])["result"])} for row in stored[:ROWS]]
    return {
        "OrmQ": {"count": queued_count, "rows": waiting},
        "Task": {"count": stored_count, "rows": done},
    }


def queue_row(pk: int, payload: str, delivered: bool) -> dict[str, Any]:
    task = unpacked(payload)
    return {"id": pk, **{name: task[name] for name in ("task", "name", "func")}, "delivered": delivered}


def brief(text: str) -> str:
    """Return the first line of `text`, truncated to `BRIEF` characters."""
    first = text.split("\n", 1)[0][:BRIEF]
    return first if first == text else f"{first}…"


def observe() -> None:
    """Record which Task rows a program or a task reads. Called once, in the template."""
    post_init.connect(task_read, sender=Task)


def task_read(instance: Task, **_: Any) -> None:
    if probe.lane in WORKING and instance.pk:
        probe.rows_read.append((instance.pk, instance.attempt_count))
