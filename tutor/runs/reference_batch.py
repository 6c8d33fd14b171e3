"""Making many reference runs, side by side, for commands that need several of each case."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from tutor.labs.host.lab_host import LabHost
from tutor.lessons.lesson import Lesson

from .references import Wanted, make, missing, prune

LABS_AT_ONCE = 3 * (os.cpu_count() or 1)
"""The default number of labs at a time; labs mostly wait."""
ATTEMPTS = 3
"""How often a reference run is tried that is aborted every time."""


def make_missing(lessons: Iterable[Lesson], each: int, host: LabHost, *, labs: int = LABS_AT_ONCE) -> int:
    """Make the reference runs that `lessons` lack if every case is to have `each`; return how many still are missing.

    Runs of earlier versions of `lessons`, and those that were aborted, are deleted.
    """
    lessons = list(lessons)
    for _ in range(ATTEMPTS):
        with ThreadPoolExecutor(labs) as pool:
            list(pool.map(lambda wanted: make_in_thread(wanted, host), missing(lessons, each)))
    prune(lessons)
    return sum(1 for _ in missing(lessons, each))


def make_in_thread(wanted: Wanted, host: LabHost) -> None:
    """Make one reference run, and close the connections of the thread."""
    try:
        make(wanted, host)
    finally:
        connections.close_all()
