"""Reading writes nothing, even if the process that executes the run has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.live.browser_state import BrowserState
from tutor.live.page_feed import Lack
from tutor.live.run_watch import look, rendered
from tutor.runs.models import Host
from tutor.styles.moment import STEP_BY_STEP

pytestmark = pytest.mark.django_db


def refuse_writes(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    assert sql.startswith("SELECT"), f"This writes: {sql}"
    return execute(sql, *rest)


@pytest.fixture
def abandoned(recording: Recording) -> Iterator[Recording]:
    """A run whose host has ended and that no reaper has ended; whatever writes meanwhile raises an error."""
    recording.go_on(lambda seen: seen.kind == "stored")
    Host.objects.all().delete()
    with connection.execute_wrapper(refuse_writes):
        yield recording


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/lessons/",
        f"/lessons/{SLUG}/",
        "/runs/{run}/",
        "/runs/{run}/?step=2",
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_a_page_or_fragment_only_reads(
    abandoned: Recording, client: Client, address: str, headers: dict[str, str]
) -> None:
    assert client.get(address.format(run=abandoned.run.public_id), headers=headers).status_code == 200


def test_a_socket_only_reads(abandoned: Recording) -> None:
    newest = look(abandoned.run)
    lack = Lack(STEP_BY_STEP, BrowserState(0, follow=True, made=0, ended=False), newest.made)
    assert rendered(newest, {lack})[lack]
