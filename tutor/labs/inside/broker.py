"""The ORM broker, observed: what is queued, picked up and acknowledged. It changes nothing of what the broker does."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, Self

from django import db
from django.db import connections, transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf

from . import probe
from .observe.values import rows, unpacked

LEDGER = Path("deliveries")
"""In the lab's folder, a line for each delivery: a pusher that replaces a dead one goes on counting."""


class Delivery(int):
    """The id of a queue row, which also knows which delivery of it this is.

    django-q2 passes it through all its queues and hands it back unchanged; everywhere it is a plain int to it.
    """

    number: int
    task: str
    name: str

    def __new__(cls, ack: int, number: int, task: str, name: str) -> Self:
        self = super().__new__(cls, ack)
        self.number, self.task, self.name = number, task, name
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), (int(self), self.number, self.task, self.name)


class ObservedBroker(ORM):
    """django-q2's ORM broker, with an observation after each thing it did."""

    deliveries: Counter[int] | None = None

    def enqueue(self, task: str) -> int:
        """Add the row; `queued` is taken in the row's own transaction, so that nobody can have been faster."""
        connection = connections[Conf.ORM]
        if not connection.in_atomic_block:
            db.close_old_connections()
        outside = connection.in_atomic_block
        with transaction.atomic(using=Conf.ORM):
            ack: int = super().enqueue(task)
            told = {**unpacked(task), "ack": ack}
            if outside:
                probe.emit("uncommitted", {**told, "rows": rows()})
                after_commit = partial(tell_queued, told)
            else:
                after_commit = partial(tell_queued, told, rows(), time.monotonic_ns())
            transaction.on_commit(after_commit, using=Conf.ORM)
            if outside:
                watch_for_rollback(connection, told, after_commit)
        return ack

    def dequeue(self) -> list[tuple[Delivery, str]] | None:
        picked = super().dequeue()
        if not picked:
            return None
        return [(self.delivered(ack, payload), payload) for ack, payload in picked]

    def delivered(self, ack: int, payload: str) -> Delivery:
        if self.deliveries is None:
            past = LEDGER.read_text().split() if LEDGER.exists() else []
            self.deliveries = Counter(int(each) for each in past)
        self.deliveries[ack] += 1
        with LEDGER.open("a") as ledger:
            ledger.write(f"{ack}\n")
        told = unpacked(payload)
        delivery = Delivery(ack, self.deliveries[ack], told["task"], told["name"])
        probe.emit("picked", {**told, "ack": ack, "delivery": delivery.number, "rows": rows()})
        return delivery

    def acknowledge(self, task_id: int) -> None:
        super().acknowledge(task_id)
        known = {"task": task_id.task, "name": task_id.name} if isinstance(task_id, Delivery) else {}
        probe.emit("acknowledged", {**known, "ack": int(task_id), "rows": rows()})


def tell_queued(told: dict[str, Any], seen: dict[str, Any] | None = None, at: int | None = None) -> None:
    probe.emit("queued", {**told, "rows": seen or rows()}, at=at)


def watch_for_rollback(connection: Any, told: dict[str, Any], after_commit: Any) -> None:
    """Say `rolled_back` if the transaction that `told` was queued in comes to nothing.

    Django tells nobody of a rollback, but it forgets what was to be done after the commit.
    """
    if not hasattr(connection, "lab_uncommitted"):
        connection.lab_uncommitted = []
        for name in ("rollback", "savepoint_rollback"):
            setattr(connection, name, told_after(getattr(connection, name), connection))
    uncommitted = [each for each in connection.lab_uncommitted if is_due(connection, each[1])]  # Others are committed.
    connection.lab_uncommitted = [*uncommitted, (told, after_commit)]


def told_after(original: Any, connection: Any) -> Any:
    """`original`, which rolls something back, followed by the telling of what was lost with it."""

    def rollback(*args: Any) -> Any:
        before = [each for each in connection.lab_uncommitted if is_due(connection, each[1])]
        result = original(*args)
        connection.lab_uncommitted = [each for each in before if is_due(connection, each[1])]
        for told, after_commit in before:
            if not is_due(connection, after_commit):
                probe.emit("rolled_back", told)
        return result

    return rollback


def is_due(connection: Any, after_commit: Any) -> bool:
    """Whether `after_commit` will be called if the transaction is committed."""
    return any(after_commit is entry[1] for entry in connection.run_on_commit)
