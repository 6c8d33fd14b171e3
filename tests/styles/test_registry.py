from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client

import tutor.styles
from tests.recording import SLUG, Recording
from tutor.styles import registry
from tutor.styles.moment import Moment
from tutor.styles.registry import styles
from tutor.styles.step_by_step import STYLE

TIMELINE = """
from tutor.styles.registry import Style

STYLE = Style("Timeline of processes", 4, lambda moment: {"seen_so_far": len(moment.steps)})
"""
TEMPLATE = '<div id="stage" data-step="{{ position }}">{{ seen_so_far }} steps on a timeline</div>'


@pytest.fixture
def with_timeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """A site with one more style: a module and a template of one name."""
    (tmp_path / "timeline_of_a_test.py").write_text(TIMELINE)
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/timeline_of_a_test.html").write_text(TEMPLATE)
    (templates,) = settings.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], tmp_path]}]
    monkeypatch.setattr(tutor.styles, "__path__", [*tutor.styles.__path__, str(tmp_path)])
    registry.styles.cache_clear()
    yield
    registry.styles.cache_clear()


@pytest.mark.parametrize("name", styles())
def test_a_style_has_a_template_and_a_style_sheet_of_its_name(name: str) -> None:
    assert get_template(f"styles/{name}.html")
    assert finders.find(f"styles/{name}.css")


def test_step_by_step_is_the_first_style_and_that_of_every_moment() -> None:
    assert next(iter(styles().values())) is STYLE
    assert Moment.style in styles()


def test_a_style_is_found_by_its_file_and_takes_its_place_among_the_tabs(with_timeline: None) -> None:
    orders = [style.order for style in styles().values()]
    assert orders == sorted(orders)
    assert "Timeline of processes" in [style.title for style in styles().values()]


def test_an_added_style_is_shown_at_its_address(with_timeline: None, recording: Recording, client: Client) -> None:
    recording.go_on()
    run = recording.run.get_absolute_url()
    page = client.get(f"{run}?step=3&style=timeline_of_a_test").content.decode()
    assert "3 steps on a timeline" in page
    assert f'href="{run}?style=timeline_of_a_test&amp;step=4"' in page
    assert '<a href="?style=step_by_step&amp;step=3" data-style-key="1">' in page
    assert f'ws-connect="/ws/runs/{recording.run.public_id}/?style=timeline_of_a_test"' not in page  # It has ended.
    without_run = client.get(f"/lessons/{SLUG}/?style=timeline_of_a_test").content.decode()
    assert "0 steps on a timeline" in without_run


@pytest.mark.django_db
def test_an_unknown_style_is_not_found_and_the_page_names_those_that_are(client: Client) -> None:
    answered = client.get(f"/lessons/{SLUG}/?style=banana")
    assert answered.status_code == 404
    assert f"Unknown style “banana” (known: {', '.join(styles())})." in answered.content.decode()
