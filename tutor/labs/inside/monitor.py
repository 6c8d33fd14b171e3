"""The monitor: the process that stores results and acknowledges tasks, observed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models.signals import post_save
from django_q import cluster
from django_q.models import Task
from django_q.monitor import monitor

from tutor.protocol.lanes import Lane

from .observe.probe import probe
from .observe.rows import rows
from .observe.tasks import outcome


class Results:
    """The monitor's queue of results. When the monitor takes the next result, it is done with the one before.

    Only then has all happened that follows from a result: stored, acknowledged, hooks called, errors logged.
    """

    task: ClassVar[str] = ""
    """The task whose result the monitor has; empty in other processes. The row that it stores is mostly, but not
    always, that task's."""

    def __init__(self, queue: Any) -> None:
        self.queue = queue

    def get(self) -> Any:
        if Results.task:
            probe.settle(Results.task)
        result = self.queue.get()
        # Kept here, as django-q2 changes the id of the last result of an async_iter to the group's.
        Results.task = result["id"] if isinstance(result, dict) else ""
        return result


def observed_monitor(result_queue: Any, *rest: Any) -> None:
    """The main function of the process."""
    probe.enter(Lane.MONITOR)
    monitor(Results(result_queue), *rest)


def stored(instance: Task, created: bool, **_: Any) -> None:
    payload = {
        "task": instance.pk,
        "name": instance.name,
        "func": instance.func,
        **outcome(instance.result, instance.success),
        "attempt_count": instance.attempt_count,
        "created": created,
        "result_of": Results.task or instance.pk,
    }
    probe.emit("stored", {**payload, "rows": rows()})


def observe() -> None:
    """Observe each monitor and each Task that is saved; once, in the template that labs are forked from."""
    cluster.monitor = observed_monitor
    post_save.connect(stored, sender=Task)
    # django-q2's own receiver runs the task's hook. The row's event comes first, then those of the hook.
    post_save.receivers.insert(0, post_save.receivers.pop())
    post_save.sender_receivers_cache.clear()
