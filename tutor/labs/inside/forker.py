"""The forker, which forks labs in a template process once the configuration is loaded.

A supervisor kills the other processes of its lab before it exits. If the supervisor itself is killed, these processes
become children of the forker, including those that have left the lab's session. Children that aren't supervisors are
always such orphans, and the forker kills them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

from tutor.protocol import wire

from . import processes, startup

LAB_SOCKETS = 3
"""The sockets that come with an order: for observations, questions and the lifeline."""


class Forker:
    """Forks a lab for each order from `control`, until that socket is closed and the last lab has ended.

    `folder` contains the initial databases and files of labs. `opened` is the payload of their `opened` event, with
    django-q2's warnings as `warned`.
    """

    def __init__(self, control: socket, folder: Path, opened: Mapping[str, Any]) -> None:
        self.control: socket | None = control
        self.folder = folder
        self.opened = dict(opened)
        self.supervisors: dict[int, int] = {}
        """Pidfd → pid of the supervisor of each lab."""

    def serve(self) -> None:
        processes.adopt_orphans()
        while self.control or self.supervisors:
            own = [self.control.fileno()] if self.control else []
            for descriptor in wire.readable([*own, *self.supervisors]):
                if descriptor in self.supervisors:
                    self.reap(descriptor)
                else:
                    self.hear()

    def hear(self) -> None:
        assert self.control is not None
        request = wire.receive(self.control, LAB_SOCKETS)
        if request is None:
            self.control.close()
            self.control = None
            return
        order, sockets = request
        pid = processes.fork(partial(self.run_lab, order, sockets))
        wire.close_all(sockets)
        self.supervisors[os.pidfd_open(pid)] = pid
        wire.send(self.control, {"pid": pid})
        self.opened["settings"] = "used"

    def run_lab(self, order: Mapping[str, Any], sockets: list[int]) -> None:
        """Run a lab in this fork of the process."""
        if self.control:
            self.control.close()
        wire.close_all(self.supervisors)
        startup.run_lab(order, sockets, self.folder, self.opened)

    def reap(self, descriptor: int) -> None:
        """Reap a supervisor. If it failed or was killed, kill the processes that it has left behind."""
        _, status = os.waitpid(self.supervisors.pop(descriptor), 0)
        os.close(descriptor)
        if status:
            processes.end_descendants(self.supervisors.values())
