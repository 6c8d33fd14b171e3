"""The observed monitor, the process that stores results and acknowledges tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import time
from typing import Any, ClassVar

from django.db.models.signals import post_delete, post_save
from django_q import cluster
from django_q.models import Failure, Success, Task
from django_q.monitor import monitor

from tutor.protocol.lanes import Lane

from .observe import output
from .observe.broker import Delivery, ObservedBroker
from .observe.probe import probe
from .observe.rows import rows
from .observe.tasks import arguments_of, described, function_name, outcome


class Results:
    """The monitor's queue of results, which reports each result that is settled.

    A result is settled when the monitor asks for the next one. By then it is stored and acknowledged, its hooks have
    been called, and errors have been logged.
    """

    task: ClassVar[str] = ""
    """The task whose result the monitor is processing; empty in other processes. The row that the monitor stores
    usually, but not always, belongs to that task."""
    delivery: ClassVar[int | None] = None
    """Which delivery of that task the result is of."""

    def __init__(self, queue: Any) -> None:
        self.queue = queue

    def get(self) -> Any:
        if Results.task:
            probe.settle(Results.task)
        result = self.queue.get()
        # Read it now: django-q2 later replaces the id of an async_iter's last result with the group's.
        ack = result.get("ack_id") if isinstance(result, dict) else None
        Results.delivery = ack.number if isinstance(ack, Delivery) else None
        known = ack.task if isinstance(ack, Delivery) else described(result) if isinstance(result, dict) else {}
        probe.work_on(known)
        ObservedBroker.because = {"because": reason(result)} if known else {}
        Results.task = known.get("task", "")
        return result


def reason(result: Mapping[str, Any]) -> str:
    """Return why the task of `result` will be acknowledged, if it will be.

    django-q2 acknowledges a success, a failure for which it was asked to, and a failure that was the last attempt.
    """
    if result.get("success"):
        return "success"
    return "ack_failure" if result.get("ack_failure") else "max_attempts"


def observed_monitor(result_queue: Any, *rest: Any) -> None:
    """The main function of the process."""
    output.enter(Lane.MONITOR)
    monitor(Results(result_queue), *rest)


def stored(instance: Task, created: bool, **_: Any) -> None:
    payload = {
        "task": instance.pk,
        "name": instance.name,
        "func": function_name(instance.func),
        **arguments_of(instance.args, instance.kwargs),
        **outcome(instance.result, instance.success),
        "attempt_count": instance.attempt_count,
        "created": created,
        "result_of": Results.task or instance.pk,
        "delivery": Results.delivery,
        "rows": rows(),
        "started_ago_ns": ago(instance.started),
        "stopped_ago_ns": ago(instance.stopped),
    }
    probe.emit("stored", payload)


def ago(moment: Any) -> int | None:
    """Return how many nanoseconds ago a moment was; None if a program has saved something else in its place."""
    return round((time() - moment.timestamp()) * 1e9) if isinstance(moment, datetime) else None


def deleted(instance: Task, **_: Any) -> None:
    probe.emit("deleted", {"task": instance.pk, "name": instance.name, "func": instance.func, "rows": rows()})


def observe() -> None:
    """Observe the monitor, and each Task that is saved or deleted. Called once, in the template."""
    cluster.monitor = observed_monitor
    post_save.connect(stored, sender=Task)
    # django-q2's own receiver calls the task's hook. This one goes first, so that `stored` precedes the hook's events.
    post_save.receivers.insert(0, post_save.receivers.pop())
    post_save.sender_receivers_cache.clear()
    for model in (Task, Success, Failure):  # A row that is deleted through a proxy sends the proxy's signal only.
        post_delete.connect(deleted, sender=model)
