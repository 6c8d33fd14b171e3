"""Every lesson's own run, for whoever looks at all of them: all started at once, each then at its last step."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tutor.lessons import catalogue

LESSONS = list(catalogue.lessons())
RUN_MS = 180_000
"""A bound for a run that waits in line behind the others on a busy machine."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def run_all(site: Site, browser: Browser) -> dict[str, str]:
    """Lesson → the address of a run of it, all started at once, each by a browser of its own."""
    found = {}
    for slug in LESSONS:
        context = browser.new_context()
        lesson = f"{site.url}/lessons/{slug}/"
        token = TOKEN.search(context.request.get(lesson).text())
        assert token, slug
        asked = context.request.post(
            f"{lesson}run/?case=default", form={"csrfmiddlewaretoken": token[1]}, headers={"Referer": lesson}
        )
        assert "/runs/" in asked.url, slug
        found[slug] = asked.url
        context.close()
    return found


def at_last_step(page: Page, address: str) -> None:
    """Go to the run's last step, once it has ended."""
    page.goto(address)
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=RUN_MS)
    page.goto(f"{address}?step={page.locator('.dot').count()}")
