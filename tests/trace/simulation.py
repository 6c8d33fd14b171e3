"""A model of a cluster, much simpler than a real one, that emits the events of what it does.

It knows the status of each task by its own tables: the trace has to find the same from the events alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st

from tests.trace import life
from tests.trace.events import MadeUpEvent

MONITOR = 74
TASKS = ("t1", "t2", "t3")


@dataclass(frozen=True)
class Result:
    task: str
    delivery: int
    success: bool
    pid: int


class Cluster:
    """What is in its tables and processes, and what it has emitted."""

    def __init__(self) -> None:
        self.events: list[MadeUpEvent] = []
        self.statuses: list[dict[str, str]] = []
        """Index → task → status after that event."""
        self.queue: dict[str, int] = {}
        """Task in the queue → how often it was delivered."""
        self.rows: dict[str, tuple[bool, int]] = {}
        """Task → success and attempts, as in the table of results."""
        self.handed: list[tuple[str, int]] = []
        self.executing: dict[int, tuple[str, int]] = {}
        self.results: list[Result] = []
        self.unacknowledged: Result | None = None
        self.new_tasks = list(TASKS)
        self.uncommitted: list[str] = []
        self.pids = count(100)
        self.monitor = MONITOR

    def emit(self, event: MadeUpEvent) -> None:
        self.events.append(event)
        self.statuses.append({task: self.status(task) for task in TASKS})

    def status(self, task: str) -> str:
        if task in self.rows:
            return "Success" if self.rows[task][0] else "Failed"
        if task in [each for each, _ in self.executing.values()] + [each.task for each in self.results]:
            return "Running"
        return "Pending" if task in self.queue or task in self.uncommitted else "N/A"

    def queue_one(self, _: int) -> None:
        task = self.new_tasks.pop(0)
        self.queue[task] = 0
        self.emit(life.queued(task))

    def queue_in_a_transaction(self, _: int) -> None:
        self.uncommitted.append(self.new_tasks.pop(0))
        self.emit(life.uncommitted(self.uncommitted[-1]))

    def commit(self, _: int) -> None:
        task = self.uncommitted.pop()
        self.queue[task] = 0
        self.emit(life.queued(task))

    def roll_back(self, _: int) -> None:
        self.emit(life.rolled_back(self.uncommitted.pop()))

    def deliver(self, choice: int) -> None:
        task = chosen(sorted(self.queue), choice)
        self.queue[task] += 1
        self.handed.append((task, self.queue[task]))
        self.emit(life.picked(task, self.queue[task]))

    def start(self, _: int) -> None:
        pid, given = next(self.pids), self.handed.pop(0)
        self.executing[pid] = given
        self.emit(life.by(pid, life.started(*given)))

    def finish(self, choice: int) -> None:
        pid = chosen(sorted(self.executing), choice)
        task, delivery = self.executing.pop(pid)
        self.results.append(Result(task, delivery, choice % 3 > 0, pid))
        self.emit(life.by(pid, life.finished(task, delivery, success=choice % 3 > 0)))

    def store(self, _: int) -> None:
        """Store a result. Beside a success in the table, another one is acknowledged only."""
        result = self.results[0]
        success, attempts = self.rows.get(result.task, (False, 0))
        if success and not result.success:
            return  # Nobody hears of this result any more.
        self.results.pop(0)
        self.unacknowledged = result if result.success else None
        if success:
            self.acknowledge(0)
            return
        self.rows[result.task] = result.success, attempts + 1
        stored = life.stored(result.task, result.delivery, success=result.success, attempt_count=attempts + 1)
        self.emit(life.by(self.monitor, stored))

    def acknowledge(self, _: int) -> None:
        assert self.unacknowledged
        done, self.unacknowledged = self.unacknowledged, None
        self.queue.pop(done.task, None)
        self.emit(life.by(self.monitor, life.acknowledged(done.task, done.delivery)))

    def delete(self, choice: int) -> None:
        task = chosen(sorted(self.rows), choice)
        del self.rows[task]
        self.emit(life.by(self.monitor, life.deleted(task)))

    def lose_worker(self, choice: int) -> None:
        pid = chosen(sorted(self.executing), choice)
        del self.executing[pid]
        self.emit(life.died(pid))

    def lose_monitor(self, _: int) -> None:
        dead, self.monitor = self.monitor, next(self.pids)
        self.results, self.unacknowledged = [], None
        self.emit(life.died(dead, "monitor"))

    def possible(self) -> dict[Callable[[int], None], Any]:
        """Return each action, with something that is empty if it isn't possible now."""
        is_free = self.unacknowledged is None
        return {
            self.queue_one: self.new_tasks,
            self.queue_in_a_transaction: self.new_tasks and not self.uncommitted,
            self.commit: self.uncommitted,
            self.roll_back: self.uncommitted,
            self.deliver: self.queue,
            self.start: self.handed,
            self.finish: self.executing,
            self.store: self.results and is_free,
            self.acknowledge: not is_free,
            self.delete: self.rows and is_free,
            self.lose_worker: self.executing,
            self.lose_monitor: True,
        }


def chosen(items: Sequence[Any], choice: int) -> Any:
    return items[choice % len(items)]


def simulated(choices: list[tuple[int, int]]) -> Cluster:
    cluster = Cluster()
    for which, choice in choices:
        possible = [action for action, needs in cluster.possible().items() if needs]
        chosen(possible, which)(choice)
    cluster.events = [
        replace(each, number=number, at=number * 1_000_000) for number, each in enumerate(cluster.events, 1)
    ]
    return cluster


SIMULATED = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=60).map(simulated)
"""Clusters after some arbitrary actions."""
