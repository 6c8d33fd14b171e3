"""What a worker has of its lab host: turns, labs that are forked for it, and requests to stop. See `turn_server`."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from socket import socket
from typing import Any

from tutor.labs.host.errors import LabUnavailable
from tutor.protocol import wire
from tutor.runs.turns import Turn

HOST_ENDED = "The lab host has ended."


class WorkerLink:
    """The connection of this worker with the first process of its lab host, which is behind `door`.

    It is a pool of templates, too (`tutor.labs.host.lab_host.Pool`). Raises OSError if the lab host has ended.
    """

    def __init__(self, door: socket) -> None:
        self.connection, theirs = wire.pair()
        with theirs:
            wire.send(door, {"pid": os.getpid()}, [theirs.fileno()])
        self.answers: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self.run: int | None = None
        """Primary key of the run of this turn."""
        self.current = Turn()
        threading.Thread(target=self.read, name="lab-host", daemon=True).start()

    def read(self) -> None:
        """Read what the lab host sends, until it ends."""
        while received := wire.receive(self.connection):
            message = received[0]
            if "run" in message:
                self.run = message["run"]
            if "stop" not in message:
                self.answers.put(message)
            elif message["of"] == self.run:  # Otherwise that run has ended.
                self.current.stop(message["stop"])
        self.current.stop(HOST_ENDED)
        self.answers.put({"run": None, "error": HOST_ENDED})

    def turn(self) -> int | None:
        """Return the primary key of the run whose turn it is, which this worker has to execute; None without one."""
        self.current = Turn()
        wire.send(self.connection, {"turn": True})
        key: int | None = self.answers.get()["run"]
        return key

    def over(self) -> None:
        """Tell the lab host that the run of this turn has ended."""
        wire.send(self.connection, {"over": True})

    def fork(
        self, configuration: Mapping[str, Any], order: Mapping[str, Any], descriptors: Sequence[int]
    ) -> tuple[WorkerLink, int]:
        """Let the lab host fork a lab; return this link, as its template, and the pid of its supervisor.

        Raises LabUnavailable and OSError.
        """
        wire.send(self.connection, {"configuration": configuration})
        wire.send(self.connection, {"order": order}, descriptors)
        answer = self.answers.get()
        if "error" in answer:
            raise LabUnavailable(answer["error"])
        return self, int(answer["pid"])

    def release(self, supervisor: int, has_ended: bool) -> None:
        """Tell the lab host that a lab has ended."""
        wire.send(self.connection, {"release": supervisor, "has_ended": has_ended})
