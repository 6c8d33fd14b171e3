"""One sheet with a picture of every lesson at its last step: python -m tests.browser.pictures docs/lessons.webp"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from html import escape
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.lessons import at_last_step, run_all
from tests.browser.site import new_site
from tests.conftest import FLAGS, chromium
from tutor.lessons import catalogue

COLUMNS, WIDTH, QUALITY = 3, 600, 72
"""Pictures in a row, the width of each in pixels, and the quality of the sheet, up to 100."""
STYLE = f"""
    body {{ margin: 24px; background: #f6f7f9; color: #14171c; font: 600 15px system-ui, sans-serif; }}
    main {{ display: grid; grid-template-columns: repeat({COLUMNS}, {WIDTH}px); gap: 24px; }}
    figure {{ margin: 0; }}
    img {{ display: block; width: {WIDTH}px; border: 1px solid #d5dae1; border-radius: 8px; }}
    figcaption {{ padding: 8px 2px 0; }}
"""


def picture_of(page: Page, address: str) -> bytes:
    """Return a picture of the window at the run's last step, from the player on down."""
    at_last_step(page, address)
    page.evaluate("document.querySelector('[data-player]').scrollIntoView()")
    page.evaluate("scrollBy(0, -8)")
    return page.screenshot(type="jpeg", quality=90)


def sheet(taken: dict[str, bytes]) -> str:
    """Return a page with the pictures taken, title → picture."""
    figures = "".join(
        f'<figure><img src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}"'
        f"><figcaption>{number} {escape(title)}</figcaption></figure>"
        for number, (title, picture) in enumerate(taken.items(), 1)
    )
    return f"<!doctype html><style>{STYLE}</style><main>{figures}</main>"


def pictures(browser: Browser) -> dict[str, bytes]:
    """Return title → picture of each lesson, in the catalogue's order."""
    with tempfile.TemporaryDirectory(prefix="tutor-pictures-") as folder:
        site = new_site(Path(folder), TUTOR_LESSONS="")
        site.start()
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
            page.emulate_media(reduced_motion="reduce")
            runs = run_all(site, browser)
            return {catalogue.get(slug).content.title: picture_of(page, address) for slug, address in runs.items()}
        finally:
            site.end()


def main(file: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": COLUMNS * (WIDTH + 24) + 24, "height": 800})
        page.set_content(sheet(pictures(browser)))
        session = page.context.new_cdp_session(page)
        options = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True}
        size = session.send("Page.getLayoutMetrics")["cssContentSize"]
        shot = session.send("Page.captureScreenshot", {**options, "clip": {**size, "scale": 1}})
        browser.close()
    file.write_bytes(base64.b64decode(shot["data"]))
    print(f"{file}: {file.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
