"""A run queue without labs."""

from __future__ import annotations

import pytest

from tutor.runs.models import Run


class WaitingQueue:
    """A run queue in which every run waits for ever."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.cancelled: list[str] = []

    def add(self, run: Run) -> None:
        self.added.append(run.public_id)

    def cancel(self, run: Run, reason: str) -> None:
        self.cancelled.append(run.public_id)


@pytest.fixture
def queue(db: None, monkeypatch: pytest.MonkeyPatch) -> WaitingQueue:
    queue = WaitingQueue()
    monkeypatch.setattr("tutor.runs.service.run_queue", lambda: queue)
    return queue
