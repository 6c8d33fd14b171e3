"""Deciding when a run is complete and how it ended, from the messages of its lab."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.protocol.lanes import Lane
from tutor.protocol.observation import Observation

from .idle_check import IdleCheck
from .loss import Loss
from .work import QueueRows, Work

Ending = tuple[str, str]
"""How a run ended: its outcome and the reason."""
UNTIL_OBSERVED_S = 60.0
"""Seconds to wait while only an observation or a message can change anything."""


@dataclass(slots=True)
class Outcomes:
    """How the program and the tasks ended."""

    program_ended: bool = False
    error: str | None = None
    """Why the program failed; None if it didn't."""
    successes: dict[str, bool] = field(default_factory=dict)
    """Task → whether it succeeded, as last stored."""

    def end_program(self, error: str | None) -> None:
        """Note the end of the program, unless it is already known."""
        if not self.program_ended:
            self.program_ended, self.error = True, error

    @property
    def ending(self) -> Ending:
        if self.error:
            return "failed", self.error
        if failed := sum(not success for success in self.successes.values()):
            return "failed", "The task failed." if len(self.successes) == 1 else f"Tasks that failed: {failed}."
        return "finished", ""


class Completion:
    """Processes the messages of a lab in order of arrival; decides what to ask its supervisor, and how the run ends.

    A run is complete when the program has ended, no task is being executed and no delivery is due, or after the
    deliveries that its lesson declares. Rows for clusters that nobody runs are never due. `now` is the lab's clock and
    returns seconds. `clusters` is the number of clusters that the lab runs.
    """

    def __init__(self, deliveries: int | None, now: Callable[[], float] = time.monotonic, clusters: int = 1) -> None:
        self.now = now
        self.clusters_left = clusters
        """Number of clusters that have not ended."""
        self.names: set[str] = set()
        """The names of the clusters that run, if the lab runs several."""
        self.left = ""
        """Which rows are left for clusters that nobody runs; empty if there are none."""
        self.rows = QueueRows()
        self.work = Work(deliveries)
        self.outcomes = Outcomes()
        self.loss = Loss()
        self.idle_check = IdleCheck()
        self.lanes: dict[int, str] = {}
        """Pid → the lane of every process that has sent an observation."""
        self.supervisor_gone = False

    def observe(self, observation: Observation) -> None:
        """Process an observation of the lab."""
        pid, payload, in_worker = observation.pid, observation.payload, observation.lane == Lane.WORKER
        cluster = payload.get("cluster", "")
        self.lanes[pid] = observation.lane
        match observation.kind:
            case "ready" if "cluster" in payload:
                self.names.add(payload["cluster"])
            case "queued" if payload.get("for_cluster") in (None, *self.names):
                self.rows.add(payload["ack"])
            case "acknowledged":
                self.rows.acknowledge(payload["ack"])
            case "picked":
                self.work.pick(payload["ack"], payload["delivery"], cluster)
            case "started" | "not_started":
                self.work.start(pid, payload, in_worker)
            case "finished":
                self.work.finish(pid, payload["task"], in_worker, self.now(), cluster)
            case "stored":
                self.outcomes.successes[payload["task"]] = payload["success"]
            case "died":
                self.observe_death(payload["process"], payload["died_pid"], payload)
            case "program_ended":
                error = payload["error"]
                self.outcomes.end_program(f"The program ended with {error}" if error else None)

    def observe_death(self, role: str, pid: int, payload: Mapping[str, Any]) -> None:
        how = payload["signal"] or f"exit code {payload['exitcode']}"
        cluster = payload.get("cluster", "")
        match role:
            case Lane.CALLER:
                self.outcomes.end_program(f"The process of the program died ({how}).")
            case Lane.WORKER:
                self.work.lose_worker(pid, self.now(), cluster)
            case Lane.PUSHER:
                self.work.lose_pusher(self.now(), cluster)
            case Lane.MONITOR:
                self.work.lose_monitor(cluster)
            case Lane.SENTINEL | Lane.CLUSTER:
                self.loss.begin(role, pid, how, self.now())

    def observe_action(self, action: str) -> None:
        """Process an action that was carried out on the cluster."""
        self.loss.group_stopped |= action == "stop-group"

    def complete_death(self, payload: dict[str, Any]) -> bool:
        """Add the task of the process, and an orphan's role, to the payload of a `died` event.

        Return False if the process had no role in the lab, because the lesson's program started it.
        """
        pid = payload["died_pid"]
        payload["process"] = payload["process"] or self.lanes.get(pid, "")
        payload["task"] = self.work.task_of(pid)
        return bool(payload["process"])

    def receive(self, message: Mapping[str, Any] | None) -> None:
        """Process a message of the supervisor; None if the supervisor has ended."""
        match message:
            case None:
                self.supervisor_gone = True
            case {"gone": "caller"}:
                self.outcomes.end_program("The program ended the process that it ran in.")
            case {"gone": "cluster"}:
                self.clusters_left -= 1
                self.loss.cluster_ended = self.clusters_left <= 0
            case {"waiting": waiting}:
                self.idle_check.receive_count()
                if waiting == 0 and not self.work.is_busy(self.now()):
                    self.rows.waiting.clear()
            case {"idle": is_idle}:
                self.idle_check.receive_look(is_idle, self.now())
                self.left = message.get("left") or ""

    def question(self) -> Mapping[str, Any] | None:
        """Return what to ask the supervisor now, if anything."""
        now, check = self.now(), self.idle_check
        if self.loss.text or not self.outcomes.program_ended or check.is_asked or check.is_idle:
            return None
        if now < check.not_before or (self.work.is_busy(now) and not self.nothing_follows(now)):
            return None
        if self.nothing_follows(now) or not self.rows.waiting:
            return check.ask_to_look(even_if_waiting=self.nothing_follows(now))
        return check.ask_to_count(now) if now >= check.count_at else None

    def nothing_follows(self, now: float) -> bool:
        """Return whether the run is complete even if tasks wait in the queue."""
        return self.loss.cluster_ended or (self.work.all_delivered and now >= self.work.settled_by)

    def ending(self) -> Ending | None:
        """Return how the run ended; None if it goes on."""
        if self.supervisor_gone:
            return "lost", "The lab's own first process died, and the lab with it."
        if self.loss.text and self.now() >= self.loss.over_at:
            return "lost", self.loss.reason
        if not self.idle_check.is_idle:
            return None
        outcome, reason = self.outcomes.ending
        return outcome, " ".join(filter(None, (reason, self.left and f"{self.left}.")))

    def due_in(self) -> float:
        """Return the seconds until `question` or `ending` may change without an observation or a message."""
        now, work = self.now(), self.work
        if self.loss.text:
            return self.loss.over_at - now
        if not self.outcomes.program_ended or self.idle_check.is_asked:
            return UNTIL_OBSERVED_S
        at = self.idle_check.not_before
        if not self.nothing_follows(now):
            if work.is_in_progress and not work.all_delivered:
                return UNTIL_OBSERVED_S
            if now < work.settled_by:
                at = max(at, work.settled_by)
            elif self.rows.waiting:
                at = max(at, self.idle_check.count_at)
        return at - now
