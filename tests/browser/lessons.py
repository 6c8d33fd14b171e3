"""The own run of every lesson, for tests that look at all of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import ROOT, Site
from tutor.lessons import catalogue

LESSONS = list(catalogue.lessons())
SHAPES = ["task-results-and-status", "it-ran-twice", "a-race-on-one-counter", "chains", "sixty-mails-three-workers"]
"""Five lessons of different shape."""
OVERLAPPING = ["it-ran-twice", "a-race-on-one-counter", "one-worker-three-workers"]
"""Lessons in which two executions overlap; of the last one, in the case “three”."""
RUN_MS = 180_000
"""The longest wait for the end of a run that waits for the others on a busy machine."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def run_all(site: Site, browser: Browser, lessons: Iterable[str] = LESSONS, case: str = "default") -> dict[str, str]:
    """Start a run of each lesson at once, each by a browser of its own; return lesson → address of its run."""
    addresses = {}
    for slug in lessons:
        context = browser.new_context()
        lesson = f"{site.url}/lessons/{slug}/"
        token = TOKEN.search(context.request.get(lesson).text())
        assert token, slug
        response = context.request.post(
            f"{lesson}run/?case={case}", form={"csrfmiddlewaretoken": token[1]}, headers={"Referer": lesson}
        )
        assert "/runs/" in response.url, slug
        addresses[slug] = response.url
        context.close()
    return addresses


def ended_runs(site: Site, browser: Browser, lessons: Iterable[str], case: str = "default") -> dict[str, str]:
    """Return lesson → address of a run of it, which has ended, without a step."""
    addresses = run_all(site, browser, lessons, case)
    page = browser.new_page(reduced_motion="reduce")
    for address in addresses.values():
        page.goto(address)
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=RUN_MS)
    page.close()
    return {slug: address.split("?")[0] for slug, address in addresses.items()}


def printed(site: Site, address: str) -> dict[str, Any]:
    """Return what `show_run` prints of a run, with the moments of all steps."""
    run = address.rstrip("/").rpartition("/")[2]
    command = [sys.executable, "manage.py", "show_run", run, "--json", "--moments"]
    shown = subprocess.run(command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True, check=False)
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def at_last_step(page: Page, address: str) -> None:
    """Go to the run's last step, once it has ended."""
    page.goto(address)
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=RUN_MS)
    page.goto(f"{address}?step={page.locator('.dot').count()}")


@contextmanager
def without_errors(page: Page) -> Iterator[Page]:
    """Fail at the end if the browser has logged an error or a violation of the CSP."""
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.violatedDirective))"
    )
    yield page
    assert errors == [], errors
