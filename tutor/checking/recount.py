"""The cells of a row, counted again from the events of its run, by other code than the trace's.

Each cell is found by searching all events up to that of the row, so nothing is carried over from row to row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.protocol.lanes import Lane
from tutor.trace.model import RecordedEvent

OF_TASKS = (
    "queued",
    "uncommitted",
    "rolled_back",
    "picked",
    "started",
    "not_started",
    "stored",
    "acknowledged",
    "deleted",
)
"""Kinds of events by which a task is known."""


@dataclass(frozen=True)
class Recount:
    """The events of a run up to that of one row."""

    events: Sequence[RecordedEvent]

    @property
    def last(self) -> RecordedEvent:
        return self.events[-1]

    @property
    def task(self) -> str:
        """The id of the row's task: its event's own, or the only one that its process has just read; "" for none."""
        if (own := self.last.payload.get("task")) and own in self.known_tasks():
            return str(own)
        reads = [each.payload["read"] for each in self.events if each.pid == self.last.pid and each.payload.get("read")]
        ids = {id for id, _ in reads[-1]} if reads else set()
        return str(ids.pop()) if len(ids) == 1 and ids <= self.known_tasks() else ""

    def known_tasks(self) -> set[str]:
        """Return the tasks that were queued, delivered, executed or stored."""
        return {each.payload["task"] for each in self.events if each.kind in OF_TASKS and each.payload.get("task")}

    def status(self, task: str) -> str:
        """Return the status of `task` in the row."""
        if row := self.row_of(task):
            return "Success" if row.payload["success"] else "Failed"
        if not all(self.executions(task)):
            return "Running"
        return "Pending" if self.is_in_queue(task) else "N/A"

    def result(self, task: str) -> str:
        """Return the whole stored result of `task`."""
        row = self.row_of(task)
        return str(row.payload["result"]) if row else "None"

    def row_of(self, task: str) -> RecordedEvent | None:
        """Return the event that last saved the Task row; None if there was none, or if the row was deleted since."""
        changes = [each for each in self.events if each.kind in ("stored", "deleted") and each.payload["task"] == task]
        return changes[-1] if changes and changes[-1].kind == "stored" else None

    def is_in_queue(self, task: str) -> bool:
        kinds = [each.kind for each in self.events if each.payload.get("task") == task]
        arrived = any(kind in ("uncommitted", "queued", "picked") for kind in kinds)
        return arrived and not any(kind in ("acknowledged", "rolled_back") for kind in kinds)

    def executions(self, task: str) -> Iterator[bool]:
        """Yield of each execution of `task` whether its outcome is out or lost."""
        for index, event in enumerate(self.events):
            if event.kind == "started" and event.payload["task"] == task:
                yield self.is_over(event, self.events[index + 1 :])

    def is_over(self, started: RecordedEvent, later: Sequence[RecordedEvent]) -> bool:
        """Return whether the outcome of the execution that `started` began is stored, dropped or lost."""
        task, delivery = started.payload["task"], started.payload["delivery"]
        has_result = False
        for each in later:
            payload = each.payload
            if each.kind == "died":
                if self.loses(payload, started.pid, has_result):
                    return True
            elif payload.get("delivery") != delivery or task not in (payload.get("task"), payload.get("result_of")):
                continue
            elif each.kind == "finished":
                has_result = True
            elif each.kind in ("stored", "acknowledged"):
                if has_result:
                    return True
            elif each.kind == "returned" and delivery is None and payload.get("error"):
                return True  # Under sync=True, a task that raises has no other end.
        return False

    @staticmethod
    def loses(death: dict[str, object], worker: int, has_result: bool) -> bool:
        """Return whether a death ends an execution: its worker's before there is a result, the monitor's after it."""
        if has_result:
            return death.get("process") == Lane.MONITOR
        return death["died_pid"] == worker
