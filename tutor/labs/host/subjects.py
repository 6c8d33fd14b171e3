"""What an event of a lab is about: one of its tasks, the caller, or the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.protocol.event_fields import TASK
from tutor.protocol.interventions import Subject
from tutor.protocol.lanes import WORKING, Lane
from tutor.protocol.observation import Observation


class Subjects:
    """The tasks of one lab, in the order in which they were queued, and their deliveries."""

    def __init__(self) -> None:
        self.tasks: dict[str, Mapping[str, Any]] = {}
        """Id → the task as `tutor.protocol.event_fields.TASK` describes it, in the order in which tasks were queued."""
        self.executing: dict[tuple[int, str], int | None] = {}
        """Pid and task → the delivery of the task that the process has last started."""
        self.finished: dict[str, int | None] = {}
        """Task → the delivery that has last finished, whose result the monitor gets next."""

    def observe(self, observation: Observation) -> None:
        """Process an observation of the lab.

        A task is known from its `queued` or `uncommitted` on, or under `sync=True` from its `started`. `picked` counts
        too, because the pusher can be faster than the process that queued the task.
        """
        payload = observation.payload
        match observation.kind:
            case "queued" | "uncommitted" | "picked":
                self.add(payload)
            case "started" | "not_started":
                self.add(payload)
                self.executing[observation.pid, payload["task"]] = payload["delivery"]
            case "finished":
                self.finished[payload["task"]] = payload["delivery"]

    def add(self, payload: Mapping[str, Any]) -> None:
        """Note the task of an event, unless it is known."""
        self.tasks.setdefault(payload["task"], {name: payload[name] for name in TASK if name in payload})

    def described(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the payload of an event, completed by what its task was queued with."""
        return {**self.tasks.get(payload.get("task", ""), {}), **payload}

    def is_about(self, subject: Subject, lane: str, pid: int, payload: Mapping[str, Any]) -> bool:
        """Return whether an event with `payload`, of the process `pid` in `lane`, is about `subject`."""
        match subject.kind:
            case "caller":
                return lane == Lane.CALLER
            case "cluster":
                return lane != Lane.CALLER
            case "task":
                task = payload.get("task")
                if task is None or task != self.nth_task(subject.ordinal, subject.func):
                    return False
                return subject.delivery in (None, self.delivery_of(task, lane, pid, payload))

    def nth_task(self, ordinal: int, func: str) -> str | None:
        """Return the task with this ordinal, counted from 1 among those with `func`, or among all if it is empty."""
        tasks = [task for task, known in self.tasks.items() if func in ("", known["func"])]
        return tasks[ordinal - 1] if 1 <= ordinal <= len(tasks) else None

    def delivery_of(self, task: str, lane: str, pid: int, payload: Mapping[str, Any]) -> int | None:
        """Return which delivery of `task` an event is about; None before the first, and under `sync=True`."""
        if "delivery" in payload:
            delivery: int | None = payload["delivery"]
            return delivery
        return self.executing.get((pid, task)) if lane in WORKING else self.finished.get(task)
