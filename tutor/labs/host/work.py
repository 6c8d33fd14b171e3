"""The work in progress in a lab: queue rows, deliveries, executions and results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SETTLE_S = 1.0
"""Maximum seconds to wait until the monitor settles a result. It never receives a result that can't be pickled."""


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
    """The number of executions after which the run is complete, if the lesson declares it."""
    picked: dict[tuple[int, int], None] = field(default_factory=dict)
    """Deliveries (queue row, number) that were picked up and that no worker has started, the oldest first."""
    executing: dict[int, list[str]] = field(default_factory=dict)
    """Pid of a worker → the task that it executes, followed by tasks that this one executes with `sync=True`."""
    executions: int = 0
    """Number of executions that have finished, or whose worker has died."""
    unsettled: set[str] = field(default_factory=set)
    """Tasks with a result that the monitor has not settled."""
    last_end: float = 0.0
    """When the last execution that counts ended, in seconds of the lab's clock."""

    def pick(self, ack: int, delivery: int) -> None:
        """Note that the pusher has picked up a delivery."""
        self.picked[ack, delivery] = None

    def start(self, pid: int, payload: dict[str, Any], in_worker: bool) -> None:
        """Note that the process `pid`, a worker or the caller itself, has started the task of `payload`."""
        self.picked.pop((payload["ack"], payload["delivery"]), None)
        if in_worker:
            self.executing.setdefault(pid, []).append(payload["task"])

    def finish(self, pid: int, task: str, in_worker: bool, now: float) -> None:
        """Note that the process `pid` knows the result of `task`."""
        self.end_execution(now)
        tasks = self.executing.get(pid, [])
        if task in tasks:
            del tasks[tasks.index(task) :]
        if not tasks and in_worker:
            self.executing.pop(pid, None)
            self.unsettled.add(task)

    def end_execution(self, now: float) -> None:
        """Count an execution that has ended. The run doesn't wait for the results of executions beyond `deliveries`."""
        self.executions += 1
        if self.deliveries is None or self.executions <= self.deliveries:
            self.last_end = now

    def lose_worker(self, pid: int, now: float) -> None:
        """Note the death of a worker and of its execution. A worker without one may have taken the oldest delivery."""
        if self.executing.pop(pid, None):
            self.end_execution(now)
        else:
            self.picked.pop(next(iter(self.picked), (0, 0)), None)

    def lose_pusher(self) -> None:
        """Note the death of the pusher. Deliveries that it has not handed over are lost; which ones is unknown."""
        self.picked.clear()

    def lose_monitor(self) -> None:
        """Note the death of the monitor, which loses the results that it had."""
        self.unsettled.clear()

    def settle(self, task: str) -> None:
        """Note that the monitor has settled the result of `task`."""
        self.unsettled.discard(task)

    def task_of(self, pid: int) -> str | None:
        """Return the task that the worker `pid` executes."""
        return next(iter(self.executing.get(pid, ())), None)

    @property
    def is_in_progress(self) -> bool:
        """Whether a delivery is with a worker, or between the pusher and a worker."""
        return bool(self.picked or self.executing)

    @property
    def all_executed(self) -> bool:
        """Whether the declared deliveries have been executed."""
        return self.deliveries is not None and self.executions >= self.deliveries

    @property
    def settled_by(self) -> float:
        """When the results count as settled even if the monitor doesn't confirm it, in seconds of the lab's clock."""
        return self.last_end + SETTLE_S if self.unsettled else 0.0

    def is_busy(self, now: float) -> bool:
        """Return whether a task is being executed or about to be, or a result is not settled."""
        return self.is_in_progress or now < self.settled_by
