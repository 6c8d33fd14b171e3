"""Fixtures of the browser tests: a site, and the page of its first lesson."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.site import FIRST_LESSON, Site, new_site


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="tutor-browser-") as folder:
        site = new_site(Path(folder))
        site.start()
        yield site
        site.end()


@pytest.fixture
def lesson(page: Page, site: Site) -> Iterator[Page]:
    """The page of the first lesson. The test fails if the browser logs an error or a violation of the CSP."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective))"
    )
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    yield page
    assert errors == []
