"""Asking a lab's supervisor whether the lab is idle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RETRY_S = 0.05
"""Seconds until the supervisor is asked again after it found that the queue isn't empty."""
COUNT_EVERY_S = 1.0
"""Seconds between two counts of the queue's rows while a delivery seems to be due. Programs can delete rows."""


@dataclass(slots=True)
class IdleCheck:
    """Questions to the supervisor, one at a time."""

    is_asked: bool = False
    """Whether the supervisor has a question to answer."""
    not_before: float = 0.0
    """When it may be asked again, in seconds of the lab's clock."""
    count_at: float = 0.0
    """When the rows may be counted again, in seconds of the lab's clock."""
    is_idle: bool = False
    """Whether it has sent `idle`, which completes the run."""

    def ask_to_look(self, even_if_waiting: bool) -> Mapping[str, Any]:
        """Return the question whether the queue is empty. If so, or `even_if_waiting`, the supervisor emits `idle`."""
        self.is_asked = True
        return {"do": "look", "even_if_waiting": even_if_waiting}

    def ask_to_count(self, now: float) -> Mapping[str, Any]:
        """Return the question how many rows are in the queue."""
        self.is_asked, self.count_at = True, now + COUNT_EVERY_S
        return {"do": "count"}

    def receive_count(self) -> None:
        self.is_asked = False

    def receive_look(self, is_idle: bool, now: float) -> None:
        self.is_asked, self.is_idle = False, is_idle
        self.not_before = now + RETRY_S
