"""The real django-q2 `Cluster`, with each of its processes knowing its role and saying when another one is gone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from django_q import cluster, worker
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.monitor import monitor

from . import hooks, probe
from .half_minute import StopEvent
from .observe import tracebacks

TIMED_OUT, RECYCLED = 0, -2
"""A worker's timer when it is replaced on purpose: after a timeout, after so many tasks."""
LEAVE_S = 0.5
"""How long a worker that is replaced has to leave by itself."""


class StartEvent:
    """The cluster's start event, which also tells the lab that it was set."""

    def __init__(self, event: Any, ready: Callable[[], None]) -> None:
        self.event, self.ready = event, ready

    def set(self) -> None:
        self.event.set()
        self.ready()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.event, name)


class ObservedSentinel(Sentinel):
    """django-q2's sentinel; it says when the cluster runs and which process died without being asked."""

    running: ClassVar[Any]
    """What lets the caller begin."""

    def __init__(self, stop_event: Any, start_event: Any, cluster_id: Any, broker: Any, *rest: Any) -> None:
        probe.enter("sentinel")
        stop, start = StopEvent(stop_event, broker), StartEvent(start_event, self.tell_ready)
        super().__init__(stop, start, cluster_id, broker, *rest)

    def tell_ready(self) -> None:
        probe.emit("ready", {"workers": Conf.WORKERS})
        self.running()

    def reincarnate(self, process: Any) -> None:
        roles = {id(self.monitor): "monitor", id(self.pusher): "pusher"}
        role = roles.get(id(process), "worker")
        timer = process.timer.value if role == "worker" else None
        if timer == TIMED_OUT:
            process.join(LEAVE_S)  # django-q2 would not wait, and may end it before its result has left it.
        stuck = timer == TIMED_OUT and process.is_alive()
        if timer not in (TIMED_OUT, RECYCLED):
            tell_died(role, process.pid, process.exitcode)
        super().reincarnate(process)
        if stuck:  # Then it was ended by force just now.
            process.join(LEAVE_S)
            tell_died(role, process.pid, process.exitcode)


def tell_died(role: str, pid: int | None, exitcode: int | None) -> None:
    """Send `died`; `exitcode` as multiprocessing and subprocess write it, below 0 for a signal."""
    by = None
    if exitcode is not None and exitcode < 0:
        by = signal.Signals(-exitcode).name if -exitcode in set(signal.Signals) else f"signal {-exitcode}"
    told = {"process": role, "died_pid": pid, "signal": by, "exitcode": exitcode if by is None else None}
    probe.emit("died", told, stoppable=False)


def in_role(role: str, target: Callable[..., None]) -> Callable[..., None]:
    """`target`, a process's main function, run in the lane `role`."""

    def run(*args: Any) -> None:
        probe.enter(role)
        target(*args)

    return run


class Results:
    """The monitor's queue of results; when it takes the next one it is done with the one before.

    Only then has everything come that follows from a result: stored, acknowledged, hooks called, errors logged.
    """

    def __init__(self, queue: Any) -> None:
        self.queue = queue

    def get(self) -> Any:
        if hooks.result_of:
            probe.settle(hooks.result_of)
        taken = self.queue.get()
        # Kept apart, as django-q2 puts the group's id in the place of the last one's of an async_iter.
        hooks.result_of = taken["id"] if isinstance(taken, dict) else ""
        return taken


def observed_monitor(result_queue: Any, *rest: Any) -> None:
    probe.enter("monitor")
    monitor(Results(result_queue), *rest)


def observe() -> None:
    """Put the observed parts in their places; once, in the template that labs are forked from."""
    cluster.Sentinel = ObservedSentinel
    cluster.worker, cluster.pusher = in_role("worker", cluster.worker), in_role("pusher", cluster.pusher)
    cluster.monitor = observed_monitor
    worker.traceback = tracebacks


class ObservedCluster(cluster.Cluster):
    """django-q2's cluster; it says how its sentinel died, if it did, also where it hangs in being stopped.

    A sentinel that dies while it looks at its stop event leaves that locked, so `stop` never comes back from setting it
    (seen: often, with a SIGTERM to the whole group). A thread waits for the sentinel's end before that can happen.
    """

    watching: threading.Thread | None = None
    told = False

    def start(self) -> int:
        pid = super().start()
        self.watch()
        return int(pid)

    def stop(self) -> bool:
        self.watch()
        return bool(super().stop())

    def watch(self) -> None:
        if self.watching is None:
            self.watching = threading.Thread(target=self.tell_of_end, daemon=True)
            self.watching.start()

    def tell_of_end(self) -> None:
        try:
            ended = os.waitid(os.P_PID, self.sentinel.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            return  # The main thread was faster: it has seen the end itself.
        if ended and (code := ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status):
            self.told = True
            tell_died("sentinel", self.sentinel.pid, code)

    def join(self) -> None:
        """Wait until the sentinel has ended, and say how if that was not said."""
        if self.watching is not None:
            self.watching.join()
        self.sentinel.join()
        if self.sentinel.exitcode and not self.told:
            tell_died("sentinel", self.sentinel.pid, self.sentinel.exitcode)


def run(ready: Callable[[], object]) -> None:
    """Run the cluster in this process until it is stopped (SIGTERM, as qcluster is) or its sentinel is gone.

    The sentinel calls `ready` when the cluster runs.
    """
    probe.enter("cluster")
    ObservedSentinel.running = staticmethod(ready)
    os.setpgrp()  # So that a signal to the whole group, as a service manager sends it, spares the keeper.
    running = ObservedCluster()
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(running.sentinel.pid, signal.SIGUSR1))
    running.start()
    running.join()


def intervene(pid: int, action: str) -> None:
    """Do an action that is for the cluster to the one whose own process is `pid`."""
    if action == "stop":
        os.kill(pid, signal.SIGTERM)
    elif action == "stop-group":
        os.killpg(pid, signal.SIGTERM)
    elif action == "half-minute":
        os.kill(pid, signal.SIGUSR1)
