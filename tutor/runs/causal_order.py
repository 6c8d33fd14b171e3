"""Order by cause and effect: an effect never comes before its cause, in whatever order the datagrams arrive.

The processes of a lab are scheduled independently, so `picked` may arrive before the `queued` that caused it. Each
observation names the facts that it depends on. It is released once they have been released; apart from that,
observations are released in the order of their own times.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from tutor.protocol.observation import Observation

PATIENCE_NS = 250_000_000
"""Nanoseconds after which an observation is released without its cause, compared with the newest observation.

A cause is missing if its process died before it sent it: for example, a monitor between its commit and its datagram.
"""

Fact = tuple[str, object]
"""A kind of event and what it is about: the id of a queue row (`ack`) or of a task."""


def facts_of(observation: Observation) -> Iterator[Fact]:
    """Yield the facts that others may depend on, once `observation` is released."""
    if observation.kind in ("queued", "picked"):
        yield observation.kind, observation.payload.get("ack")
    elif observation.kind in ("finished", "stored"):
        yield observation.kind, observation.payload.get("task")


def causes_of(observation: Observation) -> Iterator[tuple[Fact, int]]:
    """Yield the facts that `observation` depends on, each with the required number of occurrences."""
    payload = observation.payload
    delivery = payload.get("delivery") or 1
    match observation.kind:
        case "picked":
            yield ("queued", payload.get("ack")), 1
            yield ("picked", payload.get("ack")), delivery - 1
        case "started" | "not_started" if payload.get("ack"):
            yield ("picked", payload["ack"]), delivery
        case "stored":
            # One row is stored under the group's id when the last task of an async_iter is done.
            executed = payload.get("result_of", payload.get("task"))
            own = executed == payload.get("task")
            yield ("finished", executed), payload.get("attempt_count", 1) if own else 1
        case "acknowledged":
            yield ("finished", payload.get("task")), 1
    for task, attempts in tasks_read(observation):
        yield ("stored", task), attempts


def tasks_read(observation: Observation) -> Iterator[tuple[str, int]]:
    """Yield the Task rows (id, attempt count) that the process had read when it sent `observation`.

    The row that the observation itself stores is omitted: under `sync=True` a process seems to read the row it creates.
    """
    stores = observation.kind == "stored"
    own = observation.payload["task"] if stores else None
    yield from (tuple(row) for row in observation.payload.get("read", ()) if row[0] != own)
    rows = observation.payload.get("rows")
    if not stores and rows and (results := rows.get("Task")):
        for row in results["rows"]:
            yield row["id"], row["attempt_count"]


@dataclass(slots=True)
class Held:
    """An observation that has arrived but has not been released."""

    observation: Observation
    causes: tuple[tuple[Fact, int], ...]


class CausalOrder:
    """Receives batches of observations as they arrive; releases them in the order of cause and effect, then of time."""

    def __init__(self) -> None:
        self.held: dict[int, deque[Held]] = {}
        """Pid → the observations of that process, in its own order."""
        self.released: Counter[Fact] = Counter()
        self.newest = 0
        self.last_at = 0

    def push(self, batch: Iterable[Observation]) -> list[Observation]:
        """Receive a batch and return the observations that can be released now. `at` never decreases.

        If the time of an observation is moved, its payload keeps the original time as `raw_at`.
        """
        for each in batch:
            self.held.setdefault(each.pid, deque()).append(Held(each, tuple(causes_of(each))))
            self.newest = max(self.newest, each.at)
        return list(self.release(self.newest - PATIENCE_NS))

    def flush(self) -> list[Observation]:
        """Return all remaining observations, with or without their causes."""
        return list(self.release(self.newest + 1))

    def release(self, overdue: int) -> Iterator[Observation]:
        while heads := [queue[0] for queue in self.held.values() if queue and self.is_due(queue[0], overdue)]:
            chosen = min(heads, key=partial(self.sort_key, overdue)).observation
            self.held[chosen.pid].popleft()
            self.released.update(facts_of(chosen))
            yield self.in_time(chosen)

    def sort_key(self, overdue: int, head: Held) -> tuple[bool, bool, int, int]:
        """Return a key that sorts by time. Overdue observations come first, and of these the ones with their causes."""
        at, pid = head.observation.at, head.observation.pid
        return at >= overdue, not self.has_its_causes(head), at, pid

    def is_due(self, head: Held, overdue: int) -> bool:
        if head.observation.kind == "ended":
            return sum(map(len, self.held.values())) == 1  # Everything else comes before the end.
        return head.observation.at < overdue or self.has_its_causes(head)

    def has_its_causes(self, head: Held) -> bool:
        return all(self.released[fact] >= times for fact, times in head.causes)

    def in_time(self, observation: Observation) -> Observation:
        if observation.at < self.last_at:
            payload = {**observation.payload, "raw_at": observation.at}
            return replace(observation, at=self.last_at, payload=payload)
        self.last_at = observation.at
        return observation
