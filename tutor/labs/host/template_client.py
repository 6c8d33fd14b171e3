"""The host's client for a template, the process from which labs of one configuration are forked."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

import psutil

from tutor.labs.inside import folders, processes
from tutor.protocol import wire

from .errors import AnswerTimeout, ProcessGone
from .fork_server_client import ForkServerClient, receive_answer


class TemplateClient:
    """A template process, which is started once. Its methods can be called from any thread.

    Its folder contains the lesson's files, so the folder stays until the template's last lab has ended.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.control: socket | None = None
        """The socket for lab requests; None until the process is ready."""
        self.process: psutil.Process | None = None
        """None until the fork server has forked it."""
        self.labs: set[int] = set()
        """The supervisors of the labs that were forked from it and have not ended."""
        self.closed = False

    def start(self, server: ForkServerClient, configuration: Mapping[str, Any]) -> None:
        """Let `server` start the process. If another thread is already doing that, wait until it is done.

        If the start fails, this raises LabUnavailable or OSError in the thread that attempted it. The template is then
        closed, so `fork` raises ProcessGone in other threads.
        """
        with self.lock:
            if self.control or self.closed:
                return
            try:
                self.folder.mkdir()
                self.control = self.connect(server, configuration)
            except BaseException:
                self.closed = True
                self.remove_unused_folder()
                raise

    def connect(self, server: ForkServerClient, configuration: Mapping[str, Any]) -> socket:
        """Start the process and return the socket for requests to it. If that fails, no process is left."""
        mine, theirs = wire.pair()
        try:
            with theirs:
                server.request_template(self.folder, configuration, theirs)
            with suppress(psutil.NoSuchProcess):  # The next answer gives the reason.
                self.process = psutil.Process(receive_answer(mine)["pid"])
            receive_answer(mine)
        except BaseException as error:
            mine.close()
            self.kill()
            if isinstance(error, AnswerTimeout) and self.process is None:
                server.give_up()  # It hangs, so it would not start any other template either.
            raise
        return mine

    def fork(self, order: Mapping[str, Any], descriptors: Sequence[int]) -> int:
        """Fork a lab and return the pid of its supervisor. Call `release` when the lab has ended.

        Raises LabUnavailable; the template can't be used after that. After ProcessGone, a new template may succeed.
        """
        with self.lock:
            if self.control is None or self.closed:
                raise ProcessGone("The lab's configuration could not be loaded.")
            try:
                wire.send(self.control, order, descriptors)
            except OSError as error:
                raise ProcessGone(f"The process that forks labs is gone: {error}") from error
            try:
                supervisor = int(receive_answer(self.control)["pid"])
            except AnswerTimeout:
                self.kill()
                raise
            self.labs.add(supervisor)
            return supervisor

    def release(self, supervisor: int, has_ended: bool) -> None:
        """Note the end of the lab with this supervisor.

        Unless it `has_ended` by itself, kill what it has left. The process adopts that and kills it too, if it can.
        """
        with self.lock:  # No lab is being forked meanwhile.
            self.labs.discard(supervisor)
            if not has_ended and self.process:
                processes.kill_all(partial(orphans, self.process, frozenset(self.labs)))
            self.remove_unused_folder()

    def close(self) -> None:
        """Let the process end; its labs continue."""
        with self.lock:
            self.closed = True
            if self.control:
                self.control.close()
            self.remove_unused_folder()

    def kill(self) -> None:
        """Kill the process; its labs continue."""
        if self.process:
            with suppress(psutil.NoSuchProcess):
                self.process.kill()

    def remove_unused_folder(self) -> None:
        if self.closed and not self.labs:
            folders.remove(self.folder)


def orphans(template: psutil.Process, labs: Collection[int]) -> set[psutil.Process]:
    """Return the descendants of `template` that belong to none of its `labs`."""
    return {each for each in processes.descendants(template, labs) if processes.is_alive(each)}
