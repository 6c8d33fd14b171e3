"""A picture of the catalogue, with the symptom of every lesson: python -m tests.browser.pictures docs/lessons.webp"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.site import Site, new_site
from tests.conftest import FLAGS, chromium

WIDTH, QUALITY, LOOK_EVERY_MS = 1280, 80, 2_000
"""The width of the window in pixels, the quality of the picture, up to 100, and the time between two looks for runs."""


def complete_catalogue(browser: Browser, site: Site) -> Page:
    """Return the catalogue of `site` when it has a run of every lesson, which takes minutes."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
    page.goto(f"{site.url}/lessons/")
    while page.locator(".symptom__none").count():
        page.wait_for_timeout(LOOK_EVERY_MS)
        page.reload()
    return page


def picture_of(page: Page) -> bytes:
    """Return a picture of the list of lessons."""
    area = page.locator("#catalogue-list").bounding_box()
    assert area
    clip = {"x": 0, "y": area["y"] - 16, "width": WIDTH, "height": area["height"] + 32, "scale": 1}
    options = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    return base64.b64decode(shot["data"])


def main(file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="tutor-pictures-") as folder, sync_playwright() as playwright:
        site = new_site(Path(folder), TUTOR_LESSONS="", TUTOR_REFERENCE_RUNS="1")
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        site.start()
        try:
            file.write_bytes(picture_of(complete_catalogue(browser, site)))
        finally:
            browser.close()
            site.end()
    print(f"{file}: {file.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
