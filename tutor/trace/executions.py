"""The executions of tasks during a run."""

from __future__ import annotations

from dataclasses import replace

from .model import Execution, RecordedEvent


class Executions:
    """The executions so far, in the order in which they started."""

    def __init__(self) -> None:
        self.by_delivery: dict[tuple[str, int], Execution] = {}
        """(task, delivery) → execution."""

    def start(self, event: RecordedEvent) -> None:
        """Add the execution that a `started` event begins."""
        task, delivery = event.payload["task"], event.payload["delivery"]
        self.by_delivery[task, delivery] = Execution(
            task, event.payload["name"], event.payload["func"], delivery, event.pid, event.at / 1e6
        )

    def finish(self, event: RecordedEvent) -> None:
        """End the execution whose result a `finished` event has."""
        key = (event.payload["task"], event.payload["delivery"])
        if started := self.by_delivery.get(key):
            self.by_delivery[key] = replace(started, success=event.payload["success"], ended_ms=event.at / 1e6)

    def end_with_process(self, event: RecordedEvent) -> None:
        """End the executions of the process that a `died` event names."""
        for key, each in self.by_delivery.items():
            if each.pid == event.payload["died_pid"] and each.ended_ms is None:
                self.by_delivery[key] = replace(each, ended_ms=event.at / 1e6)
