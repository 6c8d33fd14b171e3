"""The thread of the site that deletes what is kept no longer: runs, browser sessions, and what others ask it for."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable, Sequence

from django.contrib.sessions.backends.db import SessionStore

from .library import tidy
from .maker import Maker

logger = logging.getLogger(__name__)

Job = Callable[[], object]
"""Deletes what is kept no longer, of one kind."""
OWN: Sequence[Job] = (tidy, SessionStore.clear_expired)
"""Old runs, and sessions that have expired: Django itself leaves those in the database for ever."""


class Cleaner(Maker):
    """Does each of `jobs` every ten minutes."""

    failure = "Could not delete what is kept no longer"
    look_every_s = 600.0

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        super().__init__("cleaner")

    def make_one(self) -> bool:
        """Do all jobs, also if one of them fails. Return False, as nothing is left."""
        for job in self.jobs:
            try:
                job()
            except Exception:
                logger.exception(self.failure)
        return False


def start(*jobs: Job) -> None:
    """Delete old runs and sessions in the background of the site, and do `jobs` of other packages."""
    cleaner = Cleaner((*jobs, *OWN))  # First what keeps runs.
    atexit.register(cleaner.stop)
    cleaner.start()
