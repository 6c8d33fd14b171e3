"""How far a lab has come, by what was observed: whether anything runs, and whether a delivery is due."""

from __future__ import annotations

import time
from typing import Any

from tutor.protocol.observation import Observation

LOST_S = 0.3
"""After a death that ends the run: how long what is on its way has to come."""
HANG_S = 1.5
"""How long a cluster whose whole group was told to stop has to end, before it is said to hang."""
SETTLE_S = 1.0
"""How long the monitor has to be done with a result. One that can't be pickled never gets to it."""
ASK_AGAIN_S = 0.05
"""How soon the supervisor is asked again when the queue was not empty after all."""
COUNT_S = 1.0
"""How often the rows are counted while a delivery seems to be due: the program can have emptied the queue itself."""


class Completion:
    """Takes a lab's observations in the order of their arrival."""

    def __init__(self, deliveries: int | None) -> None:
        self.deliveries = deliveries
        self.outstanding: set[int] = set()
        """Queue rows that were committed and not acknowledged."""
        self.acknowledged: set[int] = set()
        self.in_hand: dict[tuple[int, int], None] = {}
        """Deliveries (queue row, number) that were picked up and that no worker has started, the oldest first."""
        self.executing: dict[int, list[str]] = {}
        """Worker's pid → the task that it is inside of, and those that this one runs itself with `sync=True`."""
        self.executions = 0
        """Those that are over: finished, or dead with their worker."""
        self.unsettled: set[str] = set()
        """Tasks with a result that the monitor is not yet done with."""
        self.settled_at = 0.0
        """When the last execution that counts was over, as `time.monotonic` tells it."""
        self.last_outcome: dict[str, bool] = {}
        """Task → whether it succeeded, as last stored."""
        self.error: str | None = None
        self.program_over = self.cluster_gone = self.supervisor_gone = self.idle = False
        self.roles: dict[int, str] = {}
        """Pid → the lane of every process that has sent something."""
        self.group_stopped = False
        self.lost = ""
        """What died that nothing can go on without."""
        self.lost_at = 0.0
        self.asked = False
        """Whether the supervisor owes an answer."""
        self.not_before = self.count_at = 0.0
        """When it may be asked again, and when to count."""

    def see(self, seen: Observation) -> None:
        """Take one observation."""
        payload = seen.payload
        self.roles[seen.pid] = seen.lane
        if seen.kind == "queued" and payload["ack"] not in self.acknowledged:
            self.outstanding.add(payload["ack"])
        elif seen.kind == "acknowledged":
            self.acknowledged.add(payload["ack"])
            self.outstanding.discard(payload["ack"])
        elif seen.kind == "picked":
            self.in_hand[payload["ack"], payload["delivery"]] = None
        elif seen.kind == "started":
            self.in_hand.pop((payload["ack"], payload["delivery"]), None)
            if seen.lane == "worker":
                self.executing.setdefault(seen.pid, []).append(payload["task"])
        elif seen.kind == "finished":
            self.see_finished(seen)
        elif seen.kind == "died":
            self.see_death(payload)
        elif seen.kind == "stored":
            self.last_outcome[payload["task"]] = payload["success"]
        elif seen.kind == "program_ended":
            self.program_over = True
            self.error = f"The program ended with {payload['error']}" if payload["error"] else None

    def see_finished(self, seen: Observation) -> None:
        self.count_execution()
        tasks, task = self.executing.get(seen.pid, []), seen.payload["task"]
        if task in tasks:
            del tasks[tasks.index(task) :]
        if not tasks and seen.lane == "worker":
            self.executing.pop(seen.pid, None)
            self.unsettled.add(task)

    def count_execution(self) -> None:
        """An execution is over; one more than the lesson declares is not waited for."""
        self.executions += 1
        if self.deliveries is None or self.executions <= self.deliveries:
            self.settled_at = time.monotonic()

    def name_the_dead(self, payload: dict[str, Any]) -> bool:
        """Add to what is told of a death what the process was executing and, for an orphan, what it was.

        False where it is nobody's: a process that the lesson's program has started.
        """
        pid = payload["died_pid"]
        payload["process"] = payload["process"] or self.roles.get(pid, "")
        payload["task"] = next(iter(self.executing.get(pid, ())), None)
        return bool(payload["process"])

    def see_intervention(self, action: str) -> None:
        """Take what was done to the cluster."""
        self.group_stopped |= action == "stop-group"

    def see_death(self, payload: dict[str, Any]) -> None:
        """What died takes with it what it had; without a sentinel nobody waits to see what still goes on."""
        how = payload["signal"] or f"exit code {payload['exitcode']}"
        if payload["process"] == "caller" and not self.program_over:
            self.program_over, self.error = True, f"The process of the program died ({how})."
        elif payload["process"] == "worker" and self.executing.pop(payload["died_pid"], None):
            self.count_execution()
        elif payload["process"] == "worker":
            self.in_hand.pop(next(iter(self.in_hand), (0, 0)), None)  # It may have been about to start that one.
        elif payload["process"] == "pusher":
            self.in_hand.clear()  # What had not left it is gone, and nobody knows what that was.
        elif payload["process"] == "monitor":
            self.unsettled.clear()
        elif payload["process"] in ("sentinel", "cluster") and not self.lost:
            self.lost = f"The {payload['process']} {payload['died_pid']} died: {how}, and the run ended with it."
            self.lost_at = time.monotonic()

    def settle(self, task: str) -> None:
        """The monitor is done with the result of `task`: stored, acknowledged, hooks called, errors logged."""
        self.unsettled.discard(task)

    def hear(self, said: dict[str, Any]) -> None:
        """Take what the supervisor says."""
        if said.get("gone") == "caller":
            if not self.program_over:
                self.program_over, self.error = True, "The program ended the process that it ran in."
        elif said.get("gone") == "cluster":
            self.cluster_gone = True
        elif "waiting" in said:
            self.asked, now = False, time.monotonic()
            if said["waiting"] == 0 and not self.is_busy(now):
                self.outstanding.clear()
        elif "idle" in said:
            self.asked, self.idle = False, said["idle"]
            self.not_before = time.monotonic() + ASK_AGAIN_S

    def question(self) -> dict[str, Any] | None:
        """What to tell the supervisor to do now, if anything: count the rows, or look and say that the lab is idle."""
        now = time.monotonic()
        if self.asked or self.lost or not self.program_over or now < self.not_before:
            return None
        nothing_comes = self.cluster_gone or self.deliveries_made()
        if not nothing_comes and self.is_busy(now):
            return None
        if nothing_comes or not self.outstanding:
            self.asked = True
            return {"do": "look", "even_if_waiting": nothing_comes}
        if now < self.count_at:
            return None
        self.asked, self.count_at = True, now + COUNT_S
        return {"do": "count"}

    def is_busy(self, now: float) -> bool:
        """Whether something runs, or what has run is still on its way."""
        return bool(self.in_hand or self.executing) or self.is_settling(now)

    def is_settling(self, now: float) -> bool:
        return bool(self.unsettled) and now < self.settled_at + SETTLE_S

    @property
    def over(self) -> bool:
        """Whether the lab is lost, and what was on its way when it got lost has had time to come."""
        return bool(self.lost) and time.monotonic() >= self.lost_at + self.patience_s

    @property
    def patience_s(self) -> float:
        """How long is waited for the rest, once the lab is lost."""
        return HANG_S if self.group_stopped and not self.cluster_gone else LOST_S

    def loss(self) -> str:
        """Why the lab is lost."""
        hangs = self.group_stopped and not self.cluster_gone
        return f"{self.lost} The cluster's own process still hangs, {HANG_S:g} s later." if hangs else self.lost

    def deliveries_made(self) -> bool:
        """Whether the deliveries that the lesson declares have been made and settled."""
        made = self.deliveries is not None and self.executions >= self.deliveries
        return made and not self.is_settling(time.monotonic())

    def due_in(self) -> float:
        """Seconds until `question` may have another answer without anything being seen."""
        now = time.monotonic()
        if self.lost:
            return self.lost_at + self.patience_s - now
        if self.asked or not self.program_over:
            return 60.0
        if self.unsettled:
            return max(self.not_before, self.settled_at + SETTLE_S) - now
        return max(self.not_before, self.count_at if self.outstanding else 0.0) - now

    def outcome(self) -> tuple[str, str]:
        """How the run ended, once it is idle."""
        if self.error:
            return "failed", self.error
        if failed := sum(not success for success in self.last_outcome.values()):
            return "failed", "The task failed." if len(self.last_outcome) == 1 else f"Tasks that failed: {failed}."
        return "finished", ""
