"""The work in progress in a lab: queue rows, deliveries, executions and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SETTLE_S = 1.0
"""Maximum seconds to wait until the monitor settles a result. It never receives a result that can't be pickled."""


Delivery = tuple[int, int]
"""A row of the queue, and the number of its delivery."""


@dataclass(slots=True)
class QueueRows:
    """The rows of the queue, by id."""

    waiting: set[int] = field(default_factory=set)
    """Rows that were committed and are not acknowledged."""
    acknowledged: set[int] = field(default_factory=set)

    def add(self, ack: int) -> None:
        """Note a committed row. Its acknowledgement may have been observed first."""
        if ack not in self.acknowledged:
            self.waiting.add(ack)

    def acknowledge(self, ack: int) -> None:
        self.acknowledged.add(ack)
        self.waiting.discard(ack)


@dataclass(slots=True)
class Work:
    """Deliveries of tasks, from the moment when they are picked up until their results are settled."""

    deliveries: int | None = None
    """The number of deliveries after which the run is complete, if the lesson declares it."""
    picked: dict[Delivery, str] = field(default_factory=dict)
    """Those that were picked up and that no worker has begun, the oldest first → the cluster that picked them up."""
    executing: dict[int, list[str]] = field(default_factory=dict)
    """Pid of a worker → the task that it executes, followed by tasks that this one executes with `sync=True`."""
    begun: dict[int, Delivery] = field(default_factory=dict)
    """Pid of a worker → the delivery that it works on."""
    over: set[Delivery] = field(default_factory=set)
    """Those whose execution has finished, and those that were lost with a process."""
    unsettled: dict[str, str] = field(default_factory=dict)
    """Task with a result that the monitor has not settled → the cluster of that monitor."""
    last_end: float = 0.0
    """When the last delivery that counts was over, in seconds of the lab's clock."""

    def pick(self, ack: int, delivery: int, cluster: str = "") -> None:
        """Note that the pusher of `cluster` has picked up a delivery; "" if the lab runs only one."""
        self.picked[ack, delivery] = cluster

    def start(self, pid: int, payload: dict[str, Any], in_worker: bool) -> None:
        """Note that the process `pid`, a worker or the caller itself, has begun the task of `payload`."""
        delivery = payload["ack"], payload["delivery"]
        self.picked.pop(delivery, None)
        if in_worker:
            self.executing.setdefault(pid, []).append(payload["task"])
            self.begun.setdefault(pid, delivery)

    def finish(self, pid: int, task: str, in_worker: bool, now: float, cluster: str = "") -> None:
        """Note that the process `pid`, of `cluster`, knows the result of `task`."""
        tasks = self.executing.get(pid, [])
        if task in tasks:
            del tasks[tasks.index(task) :]
        if not tasks and in_worker:
            self.executing.pop(pid, None)
            self.unsettled[task] = cluster
            self.end(self.begun.pop(pid, None), now)

    def end(self, delivery: Delivery | None, now: float) -> None:
        """Note that a delivery is over, if there is one. The run doesn't wait for results of those after the last."""
        if delivery is None:
            return
        self.over.add(delivery)
        if self.deliveries is None or len(self.over) <= self.deliveries:
            self.last_end = now

    def lose_worker(self, pid: int, now: float, cluster: str = "") -> None:
        """Note the death of a worker and of its execution. A worker without one may have taken the oldest delivery."""
        self.executing.pop(pid, None)
        lost = self.begun.pop(pid, None) or next(iter(self.picked_by(cluster)), None)
        if lost is not None:
            self.picked.pop(lost, None)
        self.end(lost, now)

    def lose_pusher(self, now: float, cluster: str = "") -> None:
        """Note the death of a pusher. It has lost the delivery that it picked last, and maybe others before it."""
        lost = self.picked_by(cluster)
        self.end(lost[-1] if lost else None, now)
        for each in lost:
            del self.picked[each]

    def picked_by(self, cluster: str) -> list[Delivery]:
        """Return the deliveries that the pusher of `cluster` has picked up and that no worker has begun."""
        return [each for each, by in self.picked.items() if by == cluster]

    def lose_monitor(self, cluster: str = "") -> None:
        """Note the death of a monitor, which loses the results that it had."""
        self.unsettled = {task: by for task, by in self.unsettled.items() if by != cluster}

    def settle(self, task: str) -> None:
        """Note that the monitor has settled the result of `task`."""
        self.unsettled.pop(task, None)

    def task_of(self, pid: int) -> str | None:
        """Return the task that the worker `pid` executes."""
        return next(iter(self.executing.get(pid, ())), None)

    @property
    def is_in_progress(self) -> bool:
        """Whether a delivery is with a worker, or between the pusher and a worker."""
        return bool(self.picked or self.executing)

    @property
    def all_delivered(self) -> bool:
        """Whether the declared deliveries are over."""
        return self.deliveries is not None and len(self.over) >= self.deliveries

    @property
    def settled_by(self) -> float:
        """When the results count as settled even if the monitor doesn't confirm it, in seconds of the lab's clock."""
        return self.last_end + SETTLE_S if self.unsettled else 0.0

    def is_busy(self, now: float) -> bool:
        """Return whether a task is being executed or about to be, or a result is not settled."""
        return self.is_in_progress or now < self.settled_by
