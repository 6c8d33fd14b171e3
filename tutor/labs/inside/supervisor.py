"""The supervisor, the first process of a lab. It carries out the host's orders and reports processes that end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from socket import socket
from typing import Any

from tutor.protocol import wire
from tutor.protocol.lanes import Lane

from . import actions
from .observe import clusters
from .observe.deaths import emit_died
from .observe.probe import probe
from .pipe_reader import PipeReader

Rows = Mapping[str, Any] | None


class Supervisor:
    """Carries out the host's orders from `lifeline`, and reports the ends of the lab's processes.

    `children` are the caller and the clusters: pid → lane. `rows` returns a snapshot of the lab's tables, `by_cluster`
    the name of a cluster → its rows in the queue. `output` reads what the processes write.
    """

    def __init__(
        self,
        lifeline: socket,
        children: Mapping[int, Lane],
        rows: Callable[[], Rows],
        output: PipeReader,
        by_cluster: Callable[[], dict[str, int]],
    ) -> None:
        self.lifeline, self.children, self.rows, self.output = lifeline, dict(children), rows, output
        self.by_cluster = by_cluster

    def supervise(self) -> None:
        """Carry out the host's orders until the host ends the lab or has itself ended."""
        deaths = wake_at_deaths()
        self.reap()  # Children that died before that call.
        while True:
            waited_for = [self.lifeline.fileno(), deaths, *self.output.descriptors()]
            readable = wire.readable(waited_for, self.output.patience())
            self.output.read(readable)
            if self.lifeline.fileno() in readable and not self.hear():
                return
            if deaths in readable:
                os.read(deaths, 4096)
                self.reap()

    def hear(self) -> bool:
        """Carry out the host's next order; return False if the lab must end."""
        received = wire.receive(self.lifeline)
        if received is None:
            return False
        order = received[0]
        match order["do"]:
            case "end":
                return False
            case "count":
                number = waiting(self.rows())
                left = self.by_cluster() if number else {}
                wire.send(self.lifeline, {"waiting": due(number, left)})
            case "look":
                self.look(order["even_if_waiting"])
            case action:
                target, act = actions.BY_THE_SUPERVISOR[action]
                for pid in [pid for pid, lane in self.children.items() if lane == target]:
                    act(pid)
        return True

    def look(self, even_if_waiting: bool) -> None:
        """Emit `idle` if no row is due or `even_if_waiting` is true; tell the host whether it was emitted.

        Rows of clusters that nobody runs aren't due: the host is told of them.
        """
        rows = self.rows()
        number = waiting(rows)
        left = self.by_cluster() if number else {}
        idle = even_if_waiting or due(number, left) == 0
        if idle:
            told = {"left": clusters.left_text(left)} if left else {}
            probe.emit("idle", {"rows": rows, "waiting": number, **told})
        stranded = {key: count for key, count in left.items() if key not in clusters.running}
        wire.send(self.lifeline, {"idle": idle, **({"left": clusters.left_text(stranded)} if stranded else {})})

    def reap(self) -> None:
        """Reap all children that have died: the caller, the cluster, and orphans, whose lanes only the host knows."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
                pid, status = ended
                lane = self.children.pop(pid, None)
                if code := os.waitstatus_to_exitcode(status):
                    emit_died(lane or "", pid, code)
                if lane:
                    wire.send(self.lifeline, {"gone": lane})


def waiting(rows: Rows) -> int | None:
    """Return the number of rows of the queue in a snapshot; None if it couldn't be read."""
    return rows["OrmQ"]["count"] if rows and rows["OrmQ"] else None


def due(waiting: int | None, by_cluster: Mapping[str, int]) -> int | None:
    """Return how many of the `waiting` rows are for clusters that run; None if the queue couldn't be read."""
    return sum(count for key, count in by_cluster.items() if key in clusters.running) if by_cluster else waiting


def wake_at_deaths() -> int:
    """Return a descriptor that becomes readable whenever a child of this process dies."""
    out, into = os.pipe2(os.O_NONBLOCK)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(into)
    return out
