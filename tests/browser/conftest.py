"""What the browser's tests share: a site, and the first lesson on it."""

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
    """The first lesson's page at rest; the test fails on an error or a refused script, style or connection."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective))"
    )
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    yield page
    assert wrong == []
