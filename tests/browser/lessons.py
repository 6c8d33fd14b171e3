"""The own run of every lesson, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tutor.lessons import catalogue

LESSONS = list(catalogue.lessons())
SHAPES = ["task-results-and-status", "it-ran-twice", "a-race-on-one-counter", "chains", "sixty-mails-three-workers"]
"""Five lessons of different shape."""
RUN_MS = 180_000
"""The longest wait for the end of a run that waits for the others on a busy machine."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def run_all(site: Site, browser: Browser, lessons: Iterable[str] = LESSONS) -> dict[str, str]:
    """Start a run of each lesson at once, each by a browser of its own; return lesson → address of its run."""
    addresses = {}
    for slug in lessons:
        context = browser.new_context()
        lesson = f"{site.url}/lessons/{slug}/"
        token = TOKEN.search(context.request.get(lesson).text())
        assert token, slug
        response = context.request.post(
            f"{lesson}run/?case=default", form={"csrfmiddlewaretoken": token[1]}, headers={"Referer": lesson}
        )
        assert "/runs/" in response.url, slug
        addresses[slug] = response.url
        context.close()
    return addresses


def at_last_step(page: Page, address: str) -> None:
    """Go to the run's last step, once it has ended."""
    page.goto(address)
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=RUN_MS)
    page.goto(f"{address}?step={page.locator('.dot').count()}")
