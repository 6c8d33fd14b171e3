"""A thread of the site that makes one thing after the other in the background, as long as there is something to do."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

from django.db import connections

logger = logging.getLogger(__name__)

STOP_S = 5.0
"""Maximum seconds to wait for the thread when the site ends."""


class Maker(ABC):
    """Makes things in a thread of its own until it is stopped."""

    failure: str
    """What is logged with an error."""
    look_every_s: float
    """Seconds between two looks for something to do."""

    def __init__(self, name: str) -> None:
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.work, name=name, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Wait until the thread has ended."""
        self.stopped.set()
        self.thread.join(STOP_S)

    def work(self) -> None:
        """Make one thing after the other. An error is logged; the next look tries again."""
        while not self.stopped.wait(self.look_every_s):
            try:
                while not self.stopped.is_set() and self.make_one():
                    pass
            except Exception:
                logger.exception(self.failure)
            finally:
                connections.close_all()

    @abstractmethod
    def make_one(self) -> bool:
        """Make one thing. Return False if there is nothing to do now."""
