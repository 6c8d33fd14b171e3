"""The turn server of a lab host: it gives its workers turns, and forks labs for them.

A worker sends, through the connection that it has opened at the door:

    {"turn": true}                                 the answer is {"run": primary key}, or {"run": null} if none waits
    {"configuration": …}, then {"order": …}        with the lab's descriptors; the answer is {"pid": …} or {"error": …}
    {"release": pid of the supervisor, "has_ended": …}
    {"over": true}                                 the run has ended

and is sent {"stop": reason, "of": primary key} at any time.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

from django.db import connections

from tutor.labs.host.lab_host import LabHost, LabUnavailable, Template
from tutor.labs.host.sweep import kill_session
from tutor.labs.inside import folders
from tutor.protocol import wire
from tutor.runs.event_store import end_run, patiently
from tutor.runs.models import Run
from tutor.runs.reaper import BOUND_S, ENDED
from tutor.runs.turns import Opened, Turns

logger = logging.getLogger(__name__)

DESCRIPTORS = 3
"""The number of sockets of a lab."""


class TurnServer:
    """Gives turns to the workers behind `door`. `asked_at` is the monotonic second when one last asked for a turn."""

    def __init__(self, door: socket, host: LabHost, turns: Turns) -> None:
        self.door, self.host, self.turns = door, host, turns
        self.asked_at = 0.0

    def start(self) -> None:
        threading.Thread(target=self.work, name="door", daemon=True).start()

    def work(self) -> None:
        """Serve each worker that connects, in a thread of its own."""
        while received := wire.receive(self.door, most=1):
            message, (descriptor,) = received
            arguments = wire.as_socket(descriptor), message["pid"]
            threading.Thread(target=self.serve, args=arguments, name=f"worker-{message['pid']}", daemon=True).start()

    def serve(self, connection: socket, pid: int) -> None:
        """Give turns to the worker with this process id until it ends."""
        try:
            with connection, process(pid) as worker:
                while received := wire.receive(connection):
                    if "turn" in received[0]:
                        self.asked_at = time.monotonic()
                        if not self.turns.turn(partial(self.delegate, connection, worker)):
                            wire.send(connection, {"run": None})
        except OSError as error:
            logger.warning("A worker can't be reached: %s", error)
        finally:
            connections.close_all()

    def delegate(self, connection: socket, worker: int, run: Run, opened: Opened) -> None:
        """Let the worker execute `run`. If it ends before the run does, end what it has left, and the run."""
        forks = Forks(self.host, run)
        try:
            wire.send(connection, {"run": run.pk})
            opened(RemoteLab(connection, run.pk))
            for message, descriptors in messages(connection, forks):
                if "over" in message:
                    run.refresh_from_db()
                    return
                forks.answer(connection, message, descriptors)
        except TimeoutError:
            logger.warning("A worker didn't end its lab in time, so it is killed.", extra={"run": run.public_id})
            signal.pidfd_send_signal(worker, signal.SIGKILL)
        finally:
            forks.end()
        patiently(partial(end_run, run, "lost", ENDED))


@contextmanager
def process(pid: int) -> Iterator[int]:
    """Yield a descriptor of a process: another one that gets its id later is never meant. Raises OSError."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def messages(connection: socket, forks: Forks) -> Iterator[tuple[Mapping[str, Any], list[int]]]:
    """Yield what the worker sends, until it ends. Raises TimeoutError if it has a lab for longer than labs may last."""
    while True:
        connection.settimeout(BOUND_S if forks.labs else None)
        received = wire.receive(connection, most=DESCRIPTORS)
        connection.settimeout(None)
        if received is None:
            return
        yield received


class Forks:
    """The labs that were forked for a worker for one run: one, unless its template had ended."""

    def __init__(self, host: LabHost, run: Run) -> None:
        self.host, self.folder = host, host.folder / run.public_id
        self.configuration: Mapping[str, Any] = {}
        self.labs: dict[int, Template] = {}
        """Pid of a supervisor → the template of its lab."""

    def answer(self, connection: socket, message: Mapping[str, Any], descriptors: list[int]) -> None:
        """Do what the worker asks for."""
        match message:
            case {"configuration": configuration}:
                self.configuration = configuration
            case {"order": order}:
                wire.send(connection, self.forked(order, descriptors))
            case {"release": supervisor, "has_ended": has_ended}:
                if template := self.labs.pop(supervisor, None):
                    template.release(supervisor, has_ended)

    def forked(self, order: Mapping[str, Any], descriptors: list[int]) -> Mapping[str, Any]:
        """Fork a lab; return the answer for the worker."""
        try:
            template, supervisor = self.host.pool.fork(self.configuration, order, descriptors)
        except (LabUnavailable, OSError, ValueError) as error:
            return {"error": str(error)}
        finally:
            wire.close_all(descriptors)
        self.labs[supervisor] = template
        return {"pid": supervisor}

    def end(self) -> None:
        """End the labs that the worker has left."""
        for supervisor, template in self.labs.items():
            kill_session(supervisor)
            folders.remove(Path(self.folder))
            template.release(supervisor, False)
        self.labs.clear()


class RemoteLab:
    """The lab of a worker, which can be stopped from here."""

    def __init__(self, connection: socket, run: int) -> None:
        self.connection, self.run = connection, run

    def stop(self, reason: str) -> None:
        with suppress(OSError):  # It has ended.
            wire.send(self.connection, {"stop": reason, "of": self.run})
