"""The cluster's own process, which `qcluster` would be: it starts the sentinel and waits for its end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from django_q.cluster import Cluster

from tutor.protocol.lanes import Lane

from .observe.deaths import emit_died
from .observe.probe import probe
from .sentinel import ObservedSentinel


def run(on_ready: Callable[[], object]) -> None:
    """Run the cluster in this process until it is stopped (by SIGTERM, as qcluster is) or its sentinel has ended.

    The sentinel calls `on_ready` when the cluster runs.
    """
    probe.enter(Lane.CLUSTER)
    ObservedSentinel.on_ready = staticmethod(on_ready)
    os.setpgrp()  # So that a signal to the whole group, as service managers send it, leaves the supervisor alone.
    cluster = ObservedCluster()
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(cluster.sentinel.pid, signal.SIGUSR1))
    cluster.start()
    cluster.join()


class ObservedCluster(Cluster):
    """django-q2's cluster. It reports how its sentinel died, if it did, even while it hangs in `stop`.

    A sentinel that dies while it looks at its stop event leaves that locked, so `stop` never returns from setting it.
    That happens often with a SIGTERM to the whole group. A thread waits for the sentinel's end before that can happen.
    """

    watcher: threading.Thread | None = None
    has_reported = False

    def start(self) -> int:
        pid = super().start()
        self.watch()
        return int(pid)

    def stop(self) -> bool:
        self.watch()
        return bool(super().stop())

    def watch(self) -> None:
        if self.watcher is None:
            self.watcher = threading.Thread(target=self.report_end, daemon=True)
            self.watcher.start()

    def report_end(self) -> None:
        try:
            ended = os.waitid(os.P_PID, self.sentinel.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            return  # The main thread has reaped it already, and `join` reports it.
        if ended and (code := ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status):
            self.has_reported = True
            emit_died(Lane.SENTINEL, self.sentinel.pid, code)

    def join(self) -> None:
        """Wait for the sentinel's end, and report its death if `report_end` hasn't."""
        if self.watcher is not None:
            self.watcher.join()
        self.sentinel.join()
        if self.sentinel.exitcode and not self.has_reported:
            emit_died(Lane.SENTINEL, self.sentinel.pid, self.sentinel.exitcode)
