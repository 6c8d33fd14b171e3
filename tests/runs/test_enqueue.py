from __future__ import annotations

import pytest
from django.db import OperationalError

from tests.pages.waiting_queue import WaitingQueue, queue  # noqa: F401
from tests.recording import SLUG
from tutor.runs import service
from tutor.runs.models import Run


def test_a_stored_run_is_in_the_queue_even_if_the_store_fails_then(
    queue: WaitingQueue,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(session: str) -> list[Run]:
        raise OperationalError("no such table: runs_run")

    monkeypatch.setattr(service, "live_runs", fail)
    run = Run.objects.create(lesson=SLUG)
    with pytest.raises(OperationalError):
        service.enqueue(run)
    assert queue.added == [run.public_id]
