"""Fixtures of the browser tests: a site, and the page of its first lesson.

With TUTOR_TEST_SITE=fleet the site is a deployment of many processes behind nginx; see `make test-fleet`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lessons import OVERLAPPING, SHAPES, ended_runs, without_errors
from tests.browser.site import FIRST_LESSON, FOR_TESTS, Deployed, Site, new_site
from tests.conftest import IS_FLEET
from tutor.benchmarks.fleet.network import namespaces_are_possible
from tutor.benchmarks.fleet.whole import fleet


@pytest.fixture(scope="session")
def site() -> Iterator[Site | Deployed]:
    if IS_FLEET:
        with fleet(2, 3, namespaces=namespaces_are_possible(), environment=FOR_TESTS) as whole:
            yield Deployed(whole)
        return
    with tempfile.TemporaryDirectory(prefix="tutor-browser-") as folder:
        site = new_site(Path(folder))
        site.start()
        yield site
        site.end()


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """The browser. Its contexts trust a fleet's certificate, also where they request something without a page."""
    if IS_FLEET:
        for name in ("new_context", "new_page"):
            setattr(browser, name, partial(getattr(browser, name), ignore_https_errors=True))
    return browser


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
