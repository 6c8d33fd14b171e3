"""Warm processes as their host sees them: one template a configuration, of which labs are forked."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from socket import socket
from typing import Any

from . import wire
from .limits import START_S


class LabUnavailable(RuntimeError):
    """A lab can't start; the message says why, in one line."""


class Gone(LabUnavailable):
    """The process that was asked is not there any more; a new one may do it."""


class Template:
    """One configuration's warm process. Its folder holds the lesson's files, so it stays while a lab needs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.control: socket | None = None
        self.labs = 0
        self.closed = False

    def start(self, server: socket, configuration: Mapping[str, Any]) -> None:
        """Have the fork server at the other end of `server` start the process. Raises LabUnavailable, OSError."""
        self.folder.mkdir()
        mine, theirs = wire.pair()
        try:
            with theirs:
                wire.send(server, {"folder": str(self.folder), "configuration": configuration}, [theirs.fileno()])
            answer(mine)
        except BaseException:
            mine.close()
            raise
        self.control = mine

    def fork(self, order: Mapping[str, Any], descriptors: Sequence[int]) -> int:
        """Fork a lab; returns its keeper's pid. `release` has to be called when it has ended. Raises Gone."""
        with self.lock:
            if self.control is None or self.closed:
                raise Gone("The lab's configuration could not be loaded.")
            try:
                wire.send(self.control, order, descriptors)
            except OSError as error:
                raise Gone(f"The process that forks labs is gone: {error}") from error
            keeper = int(answer(self.control)["pid"])
            self.labs += 1
            return keeper

    def release(self) -> None:
        """One of its labs has ended."""
        with self.lock:
            self.labs -= 1
            self.tidy()

    def close(self) -> None:
        """Let the process end; labs that were forked from it go on."""
        with self.lock:
            self.closed = True
            if self.control:
                self.control.close()
            self.tidy()

    def tidy(self) -> None:
        if self.closed and not self.labs:
            shutil.rmtree(self.folder, ignore_errors=True)


def answer(end: socket) -> dict[str, Any]:
    """What the other end says to a request. Raises LabUnavailable with its reason if it failed, Gone if it is dead."""
    end.settimeout(START_S)
    try:
        said = wire.receive(end)
    except TimeoutError:
        raise LabUnavailable(f"It did not start within {START_S:g} s.") from None
    if said is None:
        raise Gone("The process that forks labs ended unexpectedly.")
    if "error" in said[0]:
        raise LabUnavailable(said[0]["error"])
    return dict(said[0])
