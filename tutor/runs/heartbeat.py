"""The heartbeat of a host: a thread that shows other processes that the host is alive, and looks after them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import F

from tutor.labs.host.sweep import folder_id

from .models import Host
from .reaper import Reaper

logger = logging.getLogger(__name__)

BEATS = 5
"""Heartbeats in a lease."""
STOP_S = 1.0
"""Maximum seconds to wait for the thread when the host ends."""


def nothing() -> None:
    """Do nothing."""


class Heartbeat:
    """The heartbeat of the host `name` with a folder below `root`. Every fifth of a lease it beats and reaps.

    `labs` is how many runs of the run queue the host executes at the same time. If another process has given it up (it
    was stopped for too long, say), `given_up` is called: the runs that it still executes have been ended without it.
    `look` is called after each beat, for what else has to be seen to now and then.
    """

    def __init__(
        self,
        name: str,
        root: Path,
        *,
        labs: int = 0,
        given_up: Callable[[], None] = nothing,
        look: Callable[[], None] = nothing,
    ) -> None:
        self.name, self.root, self.labs, self.given_up, self.look = name, root, labs, given_up, look
        self.reaper = Reaper(root, settings.TUTOR_LEASE_S)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.work, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Add the host, so that it can have runs, and start to beat."""
        self.add_host()
        self.thread.start()

    def add_host(self) -> None:
        Host.objects.create(name=self.name, folder=folder_id(self.root), labs=self.labs)

    def stop(self) -> None:
        """Stop to beat and remove the host. Its runs have to be over; those that aren't are ended by a reaper."""
        self.stopped.set()
        self.thread.join(STOP_S)
        try:
            Host.objects.filter(name=self.name).delete()
        except DatabaseError as error:  # A reaper removes it.
            logger.warning("Could not remove host %s: %s", self.name, error)

    def work(self) -> None:
        """Beat until the host is stopped. An error ends no heartbeat: the store may be back the next time."""
        while not self.stopped.is_set():
            try:
                self.beat()
                self.reaper.note_write()
                self.reaper.look()
                self.look()
            except Exception:
                logger.exception("Host %s has missed a heartbeat", self.name)
                connections.close_all()
            self.stopped.wait(settings.TUTOR_LEASE_S / BEATS)
        connections.close_all()

    def beat(self) -> None:
        """Beat once."""
        if not Host.objects.filter(name=self.name).update(beat=F("beat") + 1):
            logger.warning("Host %s was given up by another process", self.name)
            self.given_up()
            self.add_host()
