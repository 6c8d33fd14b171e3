"""Warm processes as their host sees them: one template a configuration, of which labs are forked."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import socket
from typing import Any

import psutil

from tutor.protocol import wire
from tutor.protocol.limits import START_S


class LabUnavailable(RuntimeError):
    """A lab can't start; the message says why, in one line."""


class Gone(LabUnavailable):
    """The process that was asked is not there any more; a new one may do it."""


class Late(LabUnavailable):
    """No answer came in time. One that comes later would be taken for the next one's, so nothing more is asked."""


@contextmanager
def as_unavailable() -> Iterator[None]:
    """Tell as LabUnavailable what is wrong with this machine, or with what was asked of it."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LabUnavailable(str(error)) from error


class TemplateClient:
    """One configuration's warm process. Its folder holds the lesson's files, so it stays while a lab needs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.control: socket | None = None
        self.process: psutil.Process | None = None
        """None until the fork server has forked it."""
        self.labs = 0
        self.closed = False

    def start(self, server: socket, configuration: Mapping[str, Any]) -> None:
        """Have the fork server at the other end of `server` start the process. Raises LabUnavailable, OSError.

        After that it has ended; if it was Late and there is no `process`, it is the fork server that doesn't answer.
        """
        self.folder.mkdir()
        mine, theirs = wire.pair()
        try:
            with theirs:
                wire.send(server, {"folder": str(self.folder), "configuration": configuration}, [theirs.fileno()])
            with suppress(psutil.NoSuchProcess):  # Then the next answer says why.
                self.process = psutil.Process(answer(mine)["pid"])
            answer(mine)
        except BaseException:
            mine.close()
            self.kill()
            raise
        self.control = mine

    def fork(self, order: Mapping[str, Any], descriptors: Sequence[int]) -> int:
        """Fork a lab; returns its supervisor's pid. `release` has to be called when it has ended.

        Raises LabUnavailable, and is of no use after that; if it is Gone, a new one may do it.
        """
        with self.lock:
            if self.control is None or self.closed:
                raise Gone("The lab's configuration could not be loaded.")
            try:
                wire.send(self.control, order, descriptors)
            except OSError as error:
                raise Gone(f"The process that forks labs is gone: {error}") from error
            try:
                supervisor = int(answer(self.control)["pid"])
            except Late:
                self.kill()
                raise
            self.labs += 1
            return supervisor

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

    def kill(self) -> None:
        """End the process, which does not do so by itself; labs that were forked from it go on."""
        if self.process:
            with suppress(psutil.NoSuchProcess):
                self.process.kill()

    def tidy(self) -> None:
        if self.closed and not self.labs:
            shutil.rmtree(self.folder, ignore_errors=True)


def answer(end: socket) -> dict[str, Any]:
    """What the other end says to a request. Raises LabUnavailable with its reason if it failed, Gone, Late."""
    end.settimeout(START_S)
    try:
        said = wire.receive(end)
    except TimeoutError:
        raise Late(f"It did not start within {START_S:g} s.") from None
    if said is None:
        raise Gone("The process that forks labs ended unexpectedly.")
    if "error" in said[0]:
        raise LabUnavailable(said[0]["error"])
    return dict(said[0])
