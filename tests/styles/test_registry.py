from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

import tutor.styles
from tutor.styles import registry
from tutor.styles.moment import Moment
from tutor.styles.registry import PLANNED, coming_styles, styles
from tutor.styles.step_by_step import STYLE

TIMELINE = """
from tutor.styles.registry import Style

STYLE = Style("Timeline of processes", 4, lambda moment: {})
"""


@pytest.fixture
def with_timeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site with one more file, `timeline.py`, among its styles."""
    (tmp_path / "timeline_of_a_test.py").write_text(TIMELINE)
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


def test_planned_styles_are_coming() -> None:
    assert coming_styles() == list(PLANNED.values())


def test_a_style_is_found_by_its_file_and_takes_its_place_among_the_tabs(with_timeline: None) -> None:
    assert [style.title for style in styles().values()] == ["Step by step", "Timeline of processes"]
    assert "Timeline" not in coming_styles()
    assert len(coming_styles()) == len(PLANNED) - 1
