"""Pages point at the site's reference runs, where there are some."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.runs.code_hash import hash_of_code
from tutor.runs.models import ReferenceRun

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"


@pytest.fixture
def address(recording: Recording) -> str:
    """The address of the first reference run of the case "fails"."""
    recording.go_on()
    ReferenceRun.objects.create(
        run=recording.run, version=recording.run.version, case="fails", code=hash_of_code(), number=1
    )
    return recording.run.get_absolute_url()


def test_a_case_and_a_claim_about_it_lead_to_its_reference_run(address: str, client: Client) -> None:
    page = client.get(LESSON).content.decode()
    title = catalogue.get(SLUG).case("fails").title
    assert f'href="{address}">see it<span class="visually-hidden"> in a run of the site: {title}</span></a>' in page
    assert f'<a class="claim" href="{address}?step=' in page
    assert f"{LESSON}?case=fails#knobs" not in page


def test_without_reference_runs_a_claim_leads_to_the_knobs_of_its_case(recording: Recording, client: Client) -> None:
    page = client.get(LESSON).content.decode()
    assert "see it" not in page
    assert f"{LESSON}?case=fails#knobs" in page
