"""How far a lab has come, by what was observed: whether anything runs, and whether a delivery is due."""

from __future__ import annotations

import time
from typing import Any

from .spec import Observation

GRACE_S = 0.3
"""After the declared deliveries, or a death that ends the run: how long what is on its way has to come."""
STORE_S = 1.5
"""How long an outcome has to be stored; not every one ever is."""
ASK_AGAIN_S = 0.05
"""How soon the keeper is asked again when the queue was not empty after all."""


class Progress:
    """Takes a lab's observations in the order of their arrival."""

    def __init__(self, deliveries: int | None) -> None:
        self.deliveries = deliveries
        self.outstanding: set[int] = set()
        """Queue rows that were committed and not acknowledged."""
        self.executing: dict[int, str] = {}
        """Worker's pid → the task that it is inside of."""
        self.executions = 0
        """Those that are over: finished, or dead with their worker."""
        self.acknowledged: set[int] = set()
        self.last_outcome: dict[str, bool] = {}
        """Task → whether it succeeded, as last stored."""
        self.error: str | None = None
        self.program_over = self.cluster_gone = self.keeper_gone = self.idle = False
        self.lost = ""
        """What died that nothing can go on without."""
        self.lost_at = 0.0
        self.asked = False
        self.not_before = 0.0
        self.made_at = self.settled_at = 0.0
        """When the last declared execution was over, and when something was last heard of an outcome."""
        self.unsettled: set[str] = set()
        """Tasks that finished and whose outcome is not stored yet, as far as was seen."""

    def see(self, seen: Observation) -> None:
        payload = seen.payload
        if seen.kind == "queued" and payload["ack"] not in self.acknowledged:
            self.outstanding.add(payload["ack"])
        elif seen.kind == "acknowledged":
            self.acknowledged.add(payload["ack"])
            self.outstanding.discard(payload["ack"])
            self.unsettled.discard(payload.get("task", ""))
        elif seen.kind == "started":
            self.executing[seen.pid] = payload["task"]
        elif seen.kind == "finished":
            self.count_execution(seen.pid)
            self.unsettled.add(payload["task"])
            self.settled_at = time.monotonic()
        elif seen.kind == "died":
            self.count_execution(payload["died_pid"])
            self.settled_at = time.monotonic()
            self.see_death(payload)
        elif seen.kind == "stored":
            self.last_outcome[payload["task"]] = payload["success"]
            self.unsettled.discard(payload["task"])
            self.settled_at = time.monotonic()
        elif seen.kind == "program_ended":
            self.program_over = True
            self.error = f"The program ended with {payload['error']}" if payload["error"] else None

    def count_execution(self, worker: int) -> None:
        """The execution that `worker` was in is over."""
        if self.executing.pop(worker, None) is not None:
            self.executions += 1
            if self.executions == self.deliveries:
                self.made_at = time.monotonic()

    def see_death(self, payload: dict[str, Any]) -> None:
        """Without its sentinel a cluster goes on unguarded or not at all; nobody waits to see which."""
        how = payload["signal"] or f"exit code {payload['exitcode']}"
        if payload["process"] == "caller" and not self.program_over:
            self.program_over, self.error = True, f"The process of the program died ({how})."
        elif payload["process"] in ("sentinel", "cluster") and not self.lost:
            self.lost = f"The {payload['process']} process died ({how}), and the run ended with it."
            self.lost_at = time.monotonic()

    def hear(self, said: dict[str, Any]) -> None:
        """Take what the keeper says."""
        if said.get("gone") == "caller":
            if not self.program_over:
                self.program_over, self.error = True, "The program ended the process that it ran in."
        elif said.get("gone") == "cluster":
            self.cluster_gone = True
        elif "idle" in said:
            self.asked, self.idle = False, said["idle"]
            self.not_before = time.monotonic() + ASK_AGAIN_S

    def question(self) -> bool | None:
        """What to ask the keeper now: None for nothing, else whether to call it idle even with rows in the queue."""
        if self.asked or self.lost or not self.program_over or time.monotonic() < self.not_before:
            return None
        nothing_comes = self.cluster_gone or self.deliveries_made()
        if not nothing_comes and self.outstanding:
            return None
        self.asked = True
        return nothing_comes

    @property
    def over(self) -> bool:
        """Whether the lab is lost, and what was on its way when it got lost has had time to come."""
        return bool(self.lost) and time.monotonic() >= self.lost_at + GRACE_S

    def deliveries_made(self) -> bool:
        """Whether the deliveries that the lesson declares have been made and settled."""
        if self.deliveries is None or self.executions < self.deliveries:
            return False
        return not self.outstanding or time.monotonic() >= self.settled_by()

    def settled_by(self) -> float:
        """When what the declared deliveries left must have come: sooner where nothing is known to be on its way."""
        latest = self.made_at + STORE_S
        return latest if self.unsettled else min(latest, self.settled_at + GRACE_S)

    def due_in(self) -> float:
        """Seconds until `question` may have another answer without anything being seen."""
        if self.lost:
            return self.lost_at + GRACE_S - time.monotonic()
        if self.asked or not self.program_over:
            return 60.0
        if self.deliveries is not None and self.executions >= self.deliveries:
            return max(self.not_before, self.settled_by()) - time.monotonic()
        return 60.0 if self.outstanding else self.not_before - time.monotonic()

    def outcome(self) -> tuple[str, str]:
        """How the run ended, once it is idle."""
        if self.error:
            return "failed", self.error
        if failed := sum(not success for success in self.last_outcome.values()):
            return "failed", "The task failed." if len(self.last_outcome) == 1 else f"{failed} tasks failed."
        return "finished", ""
