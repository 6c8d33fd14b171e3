from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.pages.waiting_queue import queue  # noqa: F401
from tests.recording import SLUG, Recording, empty_caches  # noqa: F401
from tutor.classroom.models import Room

Press = Callable[..., Any]


@pytest.fixture
def recording(db: None, queue: object, client: Client) -> Recording:  # noqa: F811
    """The recording of the run of a class that somebody has opened on the first lesson."""
    client.post(f"/lessons/{SLUG}/teach/")
    run = Room.objects.select_related("run").get().run
    assert run
    return Recording(run)


@pytest.fixture
def room(recording: Recording) -> Room:
    """A class on the first lesson, whose run has ended."""
    recording.go_on()
    return Room.objects.select_related("run").get()


@pytest.fixture
def press(room: Room, client: Client) -> Press:
    """Press a button of the presenter's page as it is now; or of a page that saw an older state."""

    def press(do: str, *, saw: int | None = None, key: str = "", **more: str) -> Any:
        room.refresh_from_db()
        seen = room.number if saw is None else saw
        form = {"do": do, "saw": str(seen), "key": key or secrets.token_hex(8), **more}
        return client.post(f"/teach/{room.secret}/commands/", form, headers={"HX-Request": "true"})

    return press
