"""The page of a run that is too long to be shown as a whole."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.styles.long_run import STEPS, stored_run
from tutor.runs.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_run(db: None) -> Run:
    return stored_run()


def fragments(client: Client, run: Run, step: int) -> bytes:
    return client.get(run.get_absolute_url(), {"step": step}, headers={"HX-Request": "true"}).content


def test_the_fragments_of_a_step_do_not_grow_with_the_run(client: Client, long_run: Run) -> None:
    sizes = [len(fragments(client, long_run, step)) for step in (100, 1000, 3000, STEPS)]
    assert max(sizes) < 1.2 * min(sizes)
    assert len(gzip.compress(fragments(client, long_run, 3000))) < 20_000


def test_the_page_can_be_asked_for_a_step_by_its_number(client: Client, long_run: Run) -> None:
    page = client.get(long_run.get_absolute_url(), {"step": 3000}).content.decode()
    assert f'<form class="jump" method="get" action="{long_run.get_absolute_url()}">' in page
    assert f"Step 3000 of {STEPS}" in page
    beyond = client.get(long_run.get_absolute_url(), {"step": STEPS + 5}).content.decode()
    assert f"Step {STEPS} of {STEPS}" in beyond
