from __future__ import annotations

import pytest
from django.test import Client

from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.pages.what_next import next_case
from tutor.runs.models import Run
from tutor.styles.registry import styles

pytestmark = pytest.mark.django_db
LESSON = f"/lessons/{SLUG}/"
PARTS = (
    "Step by step",
    "Concept flow",
    "Program",
    "Execution table",
    "Variable tracker",
    "Key moments",
    "Visual quiz",
    "Concept snapshot",
    "Transcript",
)


def test_without_a_run_it_has_its_parts_and_nothing_that_a_run_would_show(client: Client) -> None:
    page = client.get(LESSON).content.decode()
    for part in PARTS:
        assert part.lower() in page.lower()
    assert "-1.0" not in page


def test_its_tabs_lead_to_the_styles(client: Client) -> None:
    page = client.get(LESSON).content.decode()
    assert '<a href="" aria-current="page" data-style-key="1">Step by step</a>' in page
    for number, (name, style) in enumerate(list(styles().items())[1:], 2):
        assert f'<a href="?style={name}" data-style-key="{number}">{style.title}</a>' in page


def test_a_case_fills_in_its_knobs(client: Client) -> None:
    page = client.get(f"{LESSON}?case=fails").content.decode()
    assert '<option value="math.fmod" selected>' in page
    assert 'name="y" value="0"' in page


@pytest.mark.parametrize("case", ["no-such-case", "<b>", "x" * 2000, "\x00"])
def test_an_unknown_case_is_not_found_and_the_page_names_the_known_ones(client: Client, case: str) -> None:
    response = client.get(LESSON, {"case": case})
    assert response.status_code == 404
    assert "(known: default, " in response.content.decode()


def test_it_has_its_neighbours_practice_and_sources(client: Client) -> None:
    page = client.get(LESSON).content.decode()
    assert "After this you can" in page
    assert "Try this in your project" in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    assert 'href="https://' in page


def test_it_has_the_notes_that_it_shares_with_other_lessons(client: Client) -> None:
    assert "With Redis, nothing comes again." in client.get("/lessons/hooks/").content.decode()


def test_it_lists_this_browsers_runs_of_it(recording: Recording, client: Client) -> None:
    assert "Your runs" not in client.get(LESSON).content.decode()
    session = client.session
    session.save()
    Run.objects.filter(pk=recording.run.pk).update(session=session.session_key)
    page = client.get(LESSON).content.decode()
    assert f'<a href="/runs/{recording.run.public_id}/"><code>math.copysign(1, -1)</code>' in page
    assert "just now" in page
    assert "Your runs" not in Client().get(LESSON).content.decode()


def test_after_a_case_the_next_one_of_the_lesson_is_advised_and_none_after_the_last() -> None:
    found = catalogue.get(SLUG)
    assert [next_case(found, each) for each in found.cases] == [*found.cases[1:], None]
    assert next_case(found, None) == found.cases[1]
