"""What a template does when it is warm: it forks labs, and cleans up after those whose keeper was killed.

A keeper takes all of its lab with it when it ends. If it is killed itself, its orphans become the template's children,
those too that had left the lab's session; they are recognised by not being keepers.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from socket import socket
from typing import Any

from tutor.protocol import wire

from . import orphans
from . import supervisor as keeper

LAB_SOCKETS = 3
"""What comes with an order: the ends for observations, asks and the lifeline."""


class Nursery:
    """Forks a lab for each request that comes through `control`, until that is closed and the last lab has ended.

    `folder` holds the databases and files that labs begin with; `told` is what `opened` says of them.
    """

    def __init__(self, control: socket, folder: Path, told: Mapping[str, Any]) -> None:
        self.control: socket | None = control
        self.folder = folder
        self.told = dict(told)
        self.keepers: dict[int, int] = {}
        """Descriptor → pid of each living keeper."""

    def serve(self) -> None:
        orphans.adopt()
        while self.control or self.keepers:
            own = [self.control.fileno()] if self.control else []
            for descriptor in wire.readable([*own, *self.keepers]):
                if descriptor in self.keepers:
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
        pid = os.fork()
        if pid == 0:
            self.be_a_lab(order, sockets)
        wire.close_all(sockets)
        self.keepers[os.pidfd_open(pid)] = pid
        wire.send(self.control, {"pid": pid})
        self.told["settings"] = "used"

    def be_a_lab(self, order: Mapping[str, Any], sockets: list[int]) -> None:
        try:
            if self.control:
                self.control.close()
            for descriptor in self.keepers:
                os.close(descriptor)
            keeper.run(order, sockets, self.folder, self.told)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)

    def reap(self, descriptor: int) -> None:
        """A keeper has ended; if not by itself, end what it left."""
        _, status = os.waitpid(self.keepers.pop(descriptor), 0)
        os.close(descriptor)
        if status:
            orphans.end_all(self.keepers.values())
