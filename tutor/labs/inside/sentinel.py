"""The observed sentinel, the process that starts the cluster's other processes and replaces those that died."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any, ClassVar

from django_q import cluster
from django_q.cluster import Sentinel
from django_q.conf import Conf

from tutor.protocol.lanes import Lane

from .observe import output
from .observe.deaths import emit_died
from .observe.probe import probe

TIMED_OUT, RECYCLED = 0, -2
"""The values of a worker's timer when it is replaced on purpose: after a timeout, and after `recycle` tasks."""
LEAVE_S = 0.5
"""Maximum seconds that a replaced worker takes to end by itself."""


class ObservedSentinel(Sentinel):
    """django-q2's sentinel, which also reports when the cluster is running and which processes end unexpectedly."""

    on_ready: ClassVar[Any]
    """A function without arguments, called when the cluster is running."""

    def __init__(self, stop_event: Any, start_event: Any, cluster_id: Any, broker: Any, *rest: Any) -> None:
        output.enter(Lane.SENTINEL)
        stop, start = StopEvent(stop_event, broker), StartEvent(start_event, self.emit_ready)
        super().__init__(stop, start, cluster_id, broker, *rest)

    def emit_ready(self) -> None:
        probe.emit("ready", {"workers": Conf.WORKERS})
        self.on_ready()

    def reincarnate(self, process: Any) -> None:
        roles = {id(self.monitor): Lane.MONITOR, id(self.pusher): Lane.PUSHER}
        role = roles.get(id(process), Lane.WORKER)
        timer = process.timer.value if role == Lane.WORKER else None
        if timer == TIMED_OUT:
            process.join(LEAVE_S)  # django-q2 doesn't wait, and could terminate it before it has sent its result.
        stuck = timer == TIMED_OUT and process.is_alive()
        if timer not in (TIMED_OUT, RECYCLED):
            emit_died(role, process.pid, process.exitcode)
        super().reincarnate(process)
        if stuck:  # django-q2 has terminated it.
            process.join(LEAVE_S)
            emit_died(role, process.pid, process.exitcode)


class StartEvent:
    """The cluster's start event, which also calls `on_set`."""

    def __init__(self, event: Any, on_set: Callable[[], None]) -> None:
        self.event, self.on_set = event, on_set

    def set(self) -> None:
        self.event.set()
        self.on_set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.event, name)


class StopEvent:
    """The sentinel's stop event. While the guard waits for it, and only then, SIGUSR1 makes it call the scheduler.

    This implements the action "half-minute". The guard calls django-q2's scheduler every 30 s. The action calls the
    same function in the same process, with the same broker and between two of the guard's cycles, but without the wait.
    """

    def __init__(self, event: Any, broker: Any) -> None:
        self.event, self.broker = event, broker
        self.requests = 0
        self.waiting = False
        signal.signal(signal.SIGUSR1, self.request)

    def request(self, *_: object) -> None:
        self.requests += 1
        if self.waiting:
            self.ask_scheduler()

    def wait(self, timeout: float | None = None) -> bool:
        self.ask_scheduler()
        self.waiting = True
        try:
            return bool(self.event.wait(timeout))
        finally:
            self.waiting = False

    def ask_scheduler(self) -> None:
        waiting, self.waiting = self.waiting, False
        while self.requests:
            self.requests -= 1
            cluster.scheduler(broker=self.broker)
            probe.emit("scheduled", {})
        self.waiting = waiting

    def __getattr__(self, name: str) -> Any:
        return getattr(self.event, name)


def observe() -> None:
    """Observe the sentinel. Called once, in the template."""
    cluster.Sentinel = ObservedSentinel
