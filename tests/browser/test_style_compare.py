"""The style Compare: two runs on one clock and in one table."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.site import Site
from tests.browser.test_accessibility import overflow, violations

LESSON = "it-ran-twice"


@pytest.fixture(scope="module")
def two(site: Site, browser: Browser) -> tuple[str, str]:
    """The paths of two runs of one browser, the second with a longer lock, while it goes on."""
    page = browser.new_page(reduced_motion="reduce")
    paths = []
    for retry in ("2", "7"):
        page.goto(f"{site.url}/lessons/{LESSON}/")
        page.get_by_label("retry (s)").first.fill(retry)
        page.get_by_role("button", name="Run", exact=True).click()
        page.wait_for_url(re.compile("/runs/"))
        paths.append(page.url.removeprefix(site.url).split("?")[0])
        if retry == "2":
            expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    page.close()
    return paths[0], paths[1]


def address(site: Site, runs: tuple[str, str]) -> str:
    return f"{site.url}{runs[1]}?style=compare&with={runs[0].strip('/').split('/')[-1]}"


def test_a_run_is_compared_as_soon_as_it_has_ended(still: Page, site: Site, two: tuple[str, str]) -> None:
    still.goto(address(site, two))
    title = still.get_by_role("heading", name="Only in Y: “The task starts again” (report, delivery 2).")
    expect(title).to_be_visible(timeout=60_000)
    expect(still.get_by_text("retry (s): 7 in X, 2 in Y.")).to_be_visible()
    expect(still.locator("#walk-nav[data-ended]")).to_be_attached()


def test_only_the_differences_can_be_shown_and_reached(still: Page, site: Site, two: tuple[str, str]) -> None:
    still.goto(address(site, two))
    rows = still.locator(".compare__table tbody tr:visible")
    expect(still.get_by_role("row", name="first difference, only in Y")).to_be_visible(timeout=60_000)
    shown = rows.count()
    still.get_by_label("Differences only").check()
    expect(rows).to_have_count(still.locator(".is-different").count())
    assert rows.count() < shown
    still.get_by_role("link", name="Difference 2").click()
    expect(still.locator("#difference-2")).to_be_in_viewport()


def test_the_runs_can_be_swapped_and_a_step_opened(still: Page, site: Site, two: tuple[str, str]) -> None:
    still.goto(address(site, two))
    still.get_by_role("link", name="Swap X and Y").click()
    expect(still.get_by_role("heading", name="Only in X: “The task starts again”")).to_be_visible(timeout=60_000)
    still.locator("tr.is-first").get_by_role("link").click()
    expect(still.locator("#stage.stage--run")).to_have_attribute("data-step", "3")


@pytest.mark.parametrize("size", [pytest.param((1280, 800), marks=pytest.mark.thorough), (390, 844)])
def test_axe_finds_nothing_and_the_page_has_no_scrollbar_at_the_side(
    site: Site, browser: Browser, two: tuple[str, str], size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    with without_errors(page):
        page.goto(address(site, two))
        expect(page.locator(".compare__table")).to_be_attached(timeout=60_000)
        assert violations(page) == []
        assert overflow(page) == 0
    page.close()


@pytest.mark.thorough
def test_without_javascript_the_form_compares(site: Site, browser: Browser, two: tuple[str, str]) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address(site, two))
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=2, name=re.compile("X and Y|Only in|are the same"))).to_be_visible()
    page.context.close()
