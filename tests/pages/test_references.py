"""Pages point at the site's reference runs, where there are some."""

from __future__ import annotations

import re
from html import unescape

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


def followed(client: Client, page: str) -> set[str]:
    """Return where the claims about other cases lead on a page."""
    claims = re.findall(
        rf'<a class="claim" href="({LESSON}claim/\?of=[^"]+)" data-card="Seen in the case “[^"]+”."', page
    )
    return {client.get(unescape(each))["Location"] for each in claims}


def test_a_case_and_a_claim_about_it_lead_to_its_reference_run(address: str, client: Client) -> None:
    page = client.get(LESSON).content.decode()
    title = catalogue.get(SLUG).case("fails").title
    assert f'href="{address}">see it<span class="visually-hidden"> in a run of the site: {title}</span></a>' in page
    assert f'<a class="claim" href="{address}?step=' in page
    assert f"{LESSON}?case=fails#knobs" not in page
    assert any(each.startswith(f"{address}?step=") for each in followed(client, page))


def test_without_reference_runs_a_claim_leads_to_the_knobs_of_its_case(recording: Recording, client: Client) -> None:
    page = client.get(LESSON).content.decode()
    assert "see it" not in page
    assert f"{LESSON}?case=fails#knobs" in page
    assert f"{LESSON}?case=fails#knobs" in followed(client, page)


@pytest.mark.parametrize("target", ["", "banana", "no-such-case/status@stored", "@" * 2000, "\x00"])
def test_an_unknown_claim_is_not_found(target: str, client: Client) -> None:
    assert client.get(f"{LESSON}claim/", {"of": target}).status_code == 404


def test_a_claim_about_the_lessons_own_run_leads_to_the_lesson(client: Client) -> None:
    assert client.get(f"{LESSON}claim/", {"of": "status@stored"})["Location"] == LESSON
