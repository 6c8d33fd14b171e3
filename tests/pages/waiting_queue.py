"""A run queue without labs."""

from __future__ import annotations

import pytest

from tutor.runs import reaper
from tutor.runs.models import Run


class WaitingQueue:
    """A run queue in which every run waits for ever."""

    name = "elsewhere"

    def __init__(self) -> None:
        self.cancelled: list[str] = []

    def add(self, run: Run) -> None:
        pass

    def cancel(self, run: Run, reason: str) -> None:
        self.cancelled.append(run.public_id)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> WaitingQueue:
    queue = WaitingQueue()
    monkeypatch.setattr("tutor.runs.service.run_queue", lambda: queue)
    monkeypatch.setattr(reaper, "is_alive", lambda root, host: True)
    return queue
