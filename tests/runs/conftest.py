from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.recording import empty_caches, recording, run  # noqa: F401
from tutor.runs.models import Run
from tutor.runs.signals import run_changed


@pytest.fixture
def announced() -> Iterator[list[tuple[int, str]]]:
    """The changes that are announced: the key of the run, and its state in the database for everyone at that moment."""
    changes: list[tuple[int, str]] = []

    def receive(**signal: Any) -> None:
        assert not connection.in_atomic_block
        changed = Run.objects.get(pk=signal["run"].pk)
        changes.append((changed.pk, changed.state))

    run_changed.connect(receive)
    yield changes
    run_changed.disconnect(receive)
