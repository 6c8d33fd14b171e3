"""Order by cause: an effect never comes before what caused it, whatever the sockets did.

Datagrams arrive as the processes of a lab happen to be scheduled, so `picked` can overtake `queued`. Each observation
names what it follows from; it is given out once that has been given out, and otherwise in order of its own time.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from tutor.protocol.observation import Observation

PATIENCE_NS = 250_000_000
"""How much newer observations may get before one whose cause never came is given out all the same. A cause can be lost
with its process: a monitor killed between its commit and its datagram."""

Fact = tuple[str, object]
"""A kind of event and whom it concerns: a queue row's ack or a task's id."""


def gives(seen: Observation) -> Iterator[Fact]:
    """The facts that others may follow from, once `seen` is given out."""
    if seen.kind in ("queued", "picked"):
        yield seen.kind, seen.payload.get("ack")
    elif seen.kind in ("finished", "stored"):
        yield seen.kind, seen.payload.get("task")


def needs(seen: Observation) -> Iterator[tuple[Fact, int]]:
    """The facts that `seen` follows from, each with how often it must have happened."""
    payload = seen.payload
    delivery = payload.get("delivery") or 1
    if seen.kind == "picked":
        yield ("queued", payload.get("ack")), 1
        yield ("picked", payload.get("ack")), delivery - 1
    elif seen.kind == "started" and payload.get("ack"):
        yield ("picked", payload["ack"]), delivery
    elif seen.kind == "stored":
        # Of an async_iter, one row is stored under the group's id when the last of its tasks is done.
        own = payload.get("result_of", payload.get("task")) == payload.get("task")
        yield ("finished", payload.get("result_of", payload.get("task"))), payload.get("attempt_count", 1) if own else 1
    elif seen.kind == "acknowledged":
        yield ("finished", payload.get("task")), 1
    for task, attempts in tasks_read(seen):
        yield ("stored", task), attempts


def tasks_read(seen: Observation) -> Iterator[tuple[str, int]]:
    """The Task rows, with their attempt counts, that the process had read when it sent `seen`.

    Not the one that it stores with that: with `sync=True` whoever makes a row seems to have read it.
    """
    own = seen.payload["task"] if seen.kind == "stored" else None
    yield from (tuple(row) for row in seen.payload.get("read", ()) if row[0] != own)
    if seen.kind != "stored" and (rows := seen.payload.get("rows")):
        for row in rows.get("Task", {}).get("rows", ()):
            yield row["id"], row["attempt_count"]


@dataclass(slots=True)
class Waiting:
    """An observation that has arrived and was not given out yet."""

    seen: Observation
    needs: tuple[tuple[Fact, int], ...]


class CausalOrder:
    """Takes batches of observations as they arrive; gives them out in order of cause, then of time."""

    def __init__(self) -> None:
        self.waiting: dict[int, deque[Waiting]] = {}
        """Per process, in its own order."""
        self.given: Counter[Fact] = Counter()
        self.newest = 0
        self.last_at = 0

    def push(self, batch: Iterable[Observation]) -> list[Observation]:
        """Take a batch and return what can be given out now, `at` never going back.

        Where an observation's own time had to be moved, that time stays in its payload as `raw_at`.
        """
        for seen in batch:
            self.waiting.setdefault(seen.pid, deque()).append(Waiting(seen, tuple(needs(seen))))
            self.newest = max(self.newest, seen.at)
        return list(self.ready(self.newest - PATIENCE_NS))

    def flush(self) -> list[Observation]:
        """Return all that is left, with or without its cause."""
        return list(self.ready(self.newest + 1))

    def ready(self, overdue: int) -> Iterator[Observation]:
        while heads := [queue[0] for queue in self.waiting.values() if queue and self.is_due(queue[0], overdue)]:
            chosen = min(heads, key=partial(self.turn, overdue)).seen
            self.waiting[chosen.pid].popleft()
            self.given.update(gives(chosen))
            yield self.forward(chosen)

    def turn(self, overdue: int, head: Waiting) -> tuple[bool, bool, int, int]:
        """Its place among those that are due: what merely waited too long comes after the caused of its own time."""
        return head.seen.at >= overdue, not self.is_caused(head), head.seen.at, head.seen.pid

    def is_due(self, head: Waiting, overdue: int) -> bool:
        return head.seen.at < overdue or self.is_caused(head)

    def is_caused(self, head: Waiting) -> bool:
        return all(self.given[fact] >= times for fact, times in head.needs)

    def forward(self, seen: Observation) -> Observation:
        if seen.at < self.last_at:
            return replace(seen, at=self.last_at, payload={**seen.payload, "raw_at": seen.at})
        self.last_at = seen.at
        return seen
