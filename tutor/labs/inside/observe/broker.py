"""The observed broker: django-q2's ORM broker, which also reports tasks as queued, picked up and acknowledged."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Self

from django import db
from django.db import connections, transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from . import clusters
from .probe import probe
from .rows import Snapshot, rows
from .tasks import unpacked

LEDGER = Path("deliveries")
"""A file in the lab's folder with a line for each delivery, so that a new pusher continues the count."""


class Delivery(int):
    """The id of a queue row, with the number of its delivery, from 1, and the task as it was queued.

    django-q2 passes it through its queues as `ack_id` and uses it as an int. It also changes the package on its way.
    """

    number: int
    task: Mapping[str, Any]
    """As `tutor.protocol.event_fields.TASK` describes it."""

    def __new__(cls, ack: int, number: int, task: Mapping[str, Any]) -> Self:
        self = super().__new__(cls, ack)
        self.number, self.task = number, task
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), (int(self), self.number, self.task)


class ObservedBroker(ORM):
    """The ORM broker, which sends an observation after each operation."""

    deliveries: Counter[int] | None = None
    """Queue row → number of deliveries; None until this process has read the ledger."""
    acknowledged: ClassVar[Delivery | None] = None
    """The delivery that this process, the monitor, has acknowledged last."""
    because: ClassVar[Mapping[str, str]] = {}
    """The field `because` of the acknowledgement of the result that this process, the monitor, has before it."""

    def enqueue(self, task: str) -> int:
        """Add the row. The snapshot for `queued` is taken in the same transaction, before the row can be picked up."""
        connection = connections[Conf.ORM]
        if not connection.in_atomic_block:
            db.close_old_connections()
        in_transaction = connection.in_atomic_block
        with transaction.atomic(using=Conf.ORM):
            ack: int = super().enqueue(task)
            payload = {**unpacked(task), "ack": ack, **clusters.addressed(self.list_key or Conf.CLUSTER_NAME)}
            if in_transaction:
                probe.emit("uncommitted", {**payload, "rows": rows()})
                after_commit = partial(emit_queued, payload)
            else:
                after_commit = partial(emit_queued, payload, rows(Conf.ORM), time.monotonic_ns())
            transaction.on_commit(after_commit, using=Conf.ORM)
            if in_transaction:
                watch_for_rollback(connection, payload, after_commit)
        return ack

    def dequeue(self) -> list[tuple[Delivery, str]] | None:
        picked = super().dequeue()
        if not picked:
            return None
        return [(self.delivered(ack, payload), payload) for ack, payload in picked]

    def delivered(self, ack: int, payload: str) -> Delivery:
        """Count and report a delivery of the queue row `ack`."""
        if self.deliveries is None:
            past = LEDGER.read_text().split() if LEDGER.exists() else []
            self.deliveries = Counter(map(int, past))
        self.deliveries[ack] += 1
        with LEDGER.open("a") as ledger:
            ledger.write(f"{ack}\n")
        task = unpacked(payload)
        delivery = Delivery(ack, self.deliveries[ack], task)
        picked = {**task, "ack": ack, "delivery": delivery.number, "lock_s": Conf.RETRY}
        probe.emit("picked", {**picked, "rows": rows()})
        return delivery

    def acknowledge(self, task_id: int) -> None:
        """Delete the row. With one attempt at most, django-q2 acknowledges a success twice: an event tells it once."""
        super().acknowledge(task_id)
        task: dict[str, Any] = {}
        if isinstance(task_id, Delivery):
            if task_id is ObservedBroker.acknowledged:
                return
            ObservedBroker.acknowledged = task_id
            task = {**{name: task_id.task[name] for name in ("task", "name")}, "delivery": task_id.number}
        probe.emit("acknowledged", {**task, "ack": int(task_id), **self.because, "rows": rows()})


def emit_queued(payload: dict[str, Any], snapshot: Snapshot | None = None, at: int | None = None) -> None:
    probe.emit("queued", {**payload, "rows": snapshot or rows()}, at=at)


def watch_for_rollback(connection: Any, payload: dict[str, Any], after_commit: Callable[[], None]) -> None:
    """Emit `rolled_back` with `payload` if the current transaction is rolled back.

    Django has no signal for a rollback, but a rollback discards the functions registered with `on_commit`.
    """
    if not hasattr(connection, "lab_uncommitted"):
        connection.lab_uncommitted = []
        for name in ("rollback", "savepoint_rollback"):
            setattr(connection, name, reporting(getattr(connection, name), connection))
    still_open = [each for each in connection.lab_uncommitted if is_due(connection, each[1])]
    connection.lab_uncommitted = [*still_open, (payload, after_commit)]


def reporting(original: Callable[..., Any], connection: Any) -> Callable[..., Any]:
    """Wrap `original`, which rolls back, to emit `rolled_back` for each task that is lost."""

    def rollback(*args: Any) -> Any:
        before = [each for each in connection.lab_uncommitted if is_due(connection, each[1])]
        result = original(*args)
        connection.lab_uncommitted = [each for each in before if is_due(connection, each[1])]
        for payload, after_commit in before:
            if not is_due(connection, after_commit):
                probe.emit("rolled_back", payload)
        return result

    return rollback


def is_due(connection: Any, after_commit: Callable[[], None]) -> bool:
    """Return whether Django will call `after_commit` if the transaction is committed."""
    return any(after_commit is entry[1] for entry in connection.run_on_commit)
