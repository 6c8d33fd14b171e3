"""The clock of a lab, by which its limits and the bounds of its gates are measured."""

from __future__ import annotations

import time
from collections.abc import Callable

STOPPED_S = 2.0
"""Seconds between two looks from which on the host counts as stopped. A host looks several times a second."""


class LabClock:
    """Returns monotonic seconds, without those for which the host was stopped, such as by SIGSTOP.

    Meanwhile nobody answered the processes of the lab. Without this clock, the first thing that a host did when it woke
    up would be to end its labs.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.last = now()
        self.stopped_s = 0.0

    def __call__(self) -> float:
        now = self.now()
        if now - self.last >= STOPPED_S:
            self.stopped_s += now - self.last
        self.last = now
        return now - self.stopped_s
