"""Fixtures of the browser tests: a site, and the page of its first lesson."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lessons import OVERLAPPING, SHAPES, ended_runs, without_errors
from tests.browser.site import FIRST_LESSON, Site, new_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tutor-browser-") as folder:
        site = new_site(Path(folder))
        site.start()
        yield site
        site.end()


@pytest.fixture(scope="session")
def runs(site: Site, browser: Browser) -> dict[str, str]:
    """Lesson → the address of a run of it, which has ended, for lessons of different shape."""
    return ended_runs(site, browser, SHAPES) | ended_runs(site, browser, OVERLAPPING[-1:], "three")


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """A page without motion. The test fails if the browser logs an error or a violation of the CSP."""
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    with without_errors(page):
        yield page
    page.close()


@pytest.fixture
def lesson(page: Page, site: Site) -> Iterator[Page]:
    """The page of the first lesson. The test fails if the browser logs an error or a violation of the CSP."""
    with without_errors(page):
        page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
        yield page
