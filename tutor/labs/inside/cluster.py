"""The cluster's main process, like that of `qcluster`: it starts the sentinel and waits for its end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

from django_q.cluster import Cluster

from tutor.protocol.lanes import Lane

from .observe import clusters, output
from .observe.deaths import emit_died
from .sentinel import ObservedSentinel


def run(name: str, on_ready: Callable[[], object]) -> None:
    """Run the cluster `name` in this process until SIGTERM stops it, as with qcluster, or until its sentinel ends.

    The sentinel calls `on_ready` when the cluster is running.
    """
    output.enter(Lane.CLUSTER)
    clusters.enter(name)
    ObservedSentinel.on_ready = staticmethod(on_ready)
    os.setpgrp()  # A signal to the whole group, as service managers send it, must not reach the supervisor.
    cluster = ObservedCluster()
    signal.signal(signal.SIGUSR1, lambda *_: os.kill(cluster.sentinel.pid, signal.SIGUSR1))
    cluster.start()
    cluster.join()


class ObservedCluster(Cluster):
    """django-q2's cluster, which also reports the death of its sentinel, even while `stop` hangs.

    A sentinel that dies while it checks its stop event leaves the event's lock acquired, so `stop` blocks forever when
    it sets the event. A SIGTERM to the whole group often causes this. Therefore a thread waits for the sentinel's end.
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
        """Wait for the sentinel's end, and report its death unless `report_end` has done so."""
        if self.watcher is not None:
            self.watcher.join()
        self.sentinel.join()
        if self.sentinel.exitcode and not self.has_reported:
            emit_died(Lane.SENTINEL, self.sentinel.pid, self.sentinel.exitcode)
