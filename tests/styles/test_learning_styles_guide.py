"""The guide to learning styles: the tenth style in it is found, shown at each step, and followed like the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import tutor.styles
from tests.recording import Recording
from tests.styles.shown_page import ShownPage
from tutor.styles.moment import newest_of
from tutor.styles.registry import styles
from tutor.styles.rendering import changes_between, fragments

GUIDE = Path(__file__).parents[2] / "docs/learning-styles.md"
BLOCK = re.compile(r"^```\w+ (?P<file>[\w./]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = "diary"


@pytest.fixture
def with_diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """A site with the files of the guide."""
    for block in BLOCK.finditer(GUIDE.read_text()):
        file = tmp_path / block["file"]
        file.parent.mkdir(parents=True)
        file.write_text(block["text"])
    (templates,) = settings.TEMPLATES
    settings.TEMPLATES = [{**templates, "DIRS": [*templates["DIRS"], tmp_path / "templates"]}]
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path / "static"]
    monkeypatch.setattr(tutor.styles, "__path__", [*tutor.styles.__path__, str(tmp_path / "tutor/styles")])
    for cache in (styles, finders.get_finder):
        cache.cache_clear()
    yield
    for cache in (styles, finders.get_finder):
        cache.cache_clear()


@pytest.mark.usefixtures("with_diary")
def test_the_style_of_the_guide_is_the_last_tab_and_has_its_three_files(recording: Recording, client: Client) -> None:
    recording.go_on()
    page = client.get(f"{recording.run.get_absolute_url()}?style={NAME}&step=3").content.decode()
    assert list(styles())[-1] == NAME
    assert f'<a href="" aria-current="page" data-style-key="{len(styles())}">Diary</a>' in page
    assert f"styles/{NAME}.css" in page
    assert finders.find(f"styles/{NAME}.css")


@pytest.mark.usefixtures("with_diary")
def test_the_style_of_the_guide_tells_what_each_process_did_last_and_nothing_later(recording: Recording) -> None:
    recording.go_on()
    newest = newest_of(recording.run)
    for position in range(newest.made + 1):
        shown = fragments(newest.at(position, NAME))
        last = {step.pid: step.number for step in newest.trace.steps[:position]}
        entries = re.findall(r'<li id="entry-(\d+)">', shown)
        assert entries == [str(number) for number in sorted(last.values())]


@pytest.mark.usefixtures("with_diary")
def test_a_page_follows_a_run_in_the_style_of_the_guide(recording: Recording) -> None:
    before = newest_of(recording.run).at(0, NAME)
    page = ShownPage(fragments(before))
    while recording.rest:
        recording.go_on(lambda seen: True)
        newest = newest_of(recording.run)
        after = newest.at(newest.made, NAME)
        page.apply(changes_between(before, after))
        assert page.html == fragments(after)
        before = after
    assert before.made == 6
