"""What a page weighs: how much of it comes over the wire when nothing of it is in the browser's cache."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import ended_runs
from tests.browser.site import Site
from tutor.benchmarks.browser import BYTES_GOAL, FIVE, STEPS, addresses, lesson_with
from tutor.benchmarks.weight import page_bytes


@pytest.fixture(scope="module")
def ten_steps(site: Site, browser: Browser) -> str:
    """The address of a run's last step, up to the style."""
    return f"{ended_runs(site, browser, [slug := lesson_with(STEPS)])[slug]}?step={STEPS}&style="


@pytest.mark.parametrize("style", [FIVE[0], *(pytest.param(each, marks=pytest.mark.thorough) for each in FIVE[1:])])
def test_the_page_of_ten_steps_is_under_sixty_kilobytes_with_the_code_of_the_five_styles_that_show_it(
    ten_steps: str, browser: Browser, style: str
) -> None:
    assert page_bytes(browser, addresses(ten_steps, style, FIVE)) < BYTES_GOAL * 1000


def test_a_lessons_page_is_under_sixty_kilobytes(site: Site, browser: Browser) -> None:
    assert page_bytes(browser, [f"{site.url}/lessons/{lesson_with(STEPS)}/"]) < BYTES_GOAL * 1000


def test_htmx_is_loaded_once_somebody_turns_to_a_question(ten_steps: str, page: Page) -> None:
    page.goto(f"{ten_steps}step_by_step")
    htmx = page.locator("script[src*='htmx']")
    expect(htmx).to_have_count(0)
    page.locator("#quiz .question").first.hover()
    expect(htmx).to_have_count(1)


def test_an_answer_is_sent_once_htmx_could_be_loaded(ten_steps: str, page: Page) -> None:
    page.clock.install()
    page.goto(f"{ten_steps}step_by_step")
    page.route("**/vendor/htmx*", lambda route: route.abort())
    form = page.locator("#quiz .question").first
    form.get_by_role("radio").first.check()
    form.get_by_role("button", name="Check").click()
    expect(page.locator("[data-connection]")).to_be_visible()
    page.unroute("**/vendor/htmx*")
    page.clock.run_for(2000)
    expect(form.get_by_role("status")).to_contain_text(re.compile("Right|Not"))
    expect(page.locator("[data-connection]")).to_be_hidden()
