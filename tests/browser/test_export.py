"""A run as one HTML file: it is opened from a disk, with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations

STYLES = {
    "Step by step": "step_by_step",
    "Concept flow": "flow",
    "Code walk": "code",
    "Timeline": "timeline",
    "Read": "read",
}
STEPS = 6


@pytest.fixture
def file(site: Site, page: Page, tmp_path: Path) -> Path:
    """The HTML file of a run, downloaded after its walk."""
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=20_000)
    page.keyboard.press("End")
    with page.expect_download() as download:
        page.get_by_role("link", name="an HTML file").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.thorough
def test_the_file_walks_through_all_steps_in_five_styles_without_a_network(browser: Browser, file: Path) -> None:
    context = browser.new_context(offline=True, reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url.partition("#")[0]))
    with without_errors(page):
        page.goto(file.as_uri())
        for title, style in STYLES.items():
            page.get_by_label("Learning styles").get_by_role("link", name=title).click()
            page.keyboard.press("Home")
            for step in range(1, STEPS + 1):
                expect(page.locator(f"#stage[data-step='{step}']")).to_be_visible()
                expect(page).to_have_url(f"{file.as_uri()}#style={style}&step={step}")
                page.keyboard.press("ArrowRight")
            expect(page.locator("[data-announcer]")).to_contain_text(f"Step {STEPS}")
            assert overflow(page) <= 0
            assert violations(page) == []
        page.goto(f"{file.as_uri()}#style=flow&step=3")
        expect(page.locator(".stage-flow[data-step='3']")).to_be_visible()
        page.keyboard.press("3")
        expect(page.locator(".code-walk[data-step='3']")).to_be_visible()
        page.keyboard.press(".")
        page.keyboard.press("ArrowLeft")
        expect(page.locator(".code-walk[data-step='2']")).to_be_visible()
        page.go_back()
        expect(page.locator(".stage-flow[data-step='3']")).to_be_visible()
    assert set(requested) == {file.as_uri()}
    context.close()
