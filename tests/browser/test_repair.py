"""Changing one knob so that a symptom goes: a real run judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.lessons import RUN_MS, without_errors
from tests.browser.site import Site
from tests.browser.test_accessibility import overflow, violations

LESSON = "tried-again"


@pytest.fixture
def at(site: Site, still: Page) -> Page:
    still.goto(f"{site.url}/lessons/{LESSON}/")
    return still


@pytest.fixture
def plain(site: Site, browser: Browser) -> Iterator[Page]:
    """The page without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/lessons/{LESSON}/")
    yield page
    context.close()


def form(page: Page) -> Locator:
    return page.locator("#question-repair-1")


def verdict(page: Page) -> Locator:
    return page.locator("#verdict-repair-1")


def check(page: Page) -> None:
    form(page).get_by_role("button", name="Check").click()


def test_a_run_refutes_one_change_and_confirms_another(at: Page) -> None:
    form(at).get_by_label("New value of max_attempts").fill("2")
    expect(form(at).get_by_role("radio", name="max_attempts")).to_be_checked()
    check(at)
    expect(verdict(at)).to_contain_text("A run tries out “max_attempts: 2”.")
    expect(form(at).get_by_role("radio").first).to_be_disabled()
    at.reload()
    expect(verdict(at)).to_contain_text(re.compile("A run tries out|Not “"))
    expect(verdict(at)).to_contain_text("Not “max_attempts: 2”.", timeout=RUN_MS)
    expect(verdict(at).get_by_role("link", name="See its run")).to_be_visible()
    form(at).get_by_role("radio", name="ack_failures now no → yes").check()
    check(at)
    expect(verdict(at)).to_contain_text("Right.", timeout=RUN_MS)
    verdict(at).get_by_role("link", name="See its run").click()
    expect(at.locator("#stage")).to_be_visible()


@pytest.mark.thorough
def test_a_knob_is_changed_by_keys_alone(at: Page) -> None:
    form(at).get_by_role("radio").first.focus()
    at.keyboard.press("Space")
    at.keyboard.press("Tab")
    at.keyboard.press("Control+A")
    at.keyboard.type("1")
    at.keyboard.press("Enter")
    expect(verdict(at)).to_contain_text("Right.", timeout=RUN_MS)


def test_a_value_out_of_bounds_is_explained_and_stays(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/lessons/{LESSON}/")
    field = form(page).get_by_label("New value of max_attempts")
    expect(field).to_have_accessible_description("A whole number from 0 to 4")
    field.fill("9")
    check(page)
    expect(verdict(page)).to_contain_text("“9” isn't a whole number from 0 to 4")
    expect(verdict(page)).to_be_in_viewport()
    expect(field).to_have_value("9")
    expect(form(page).get_by_role("radio", name="max_attempts")).to_be_checked()
    field.fill("1")
    check(page)
    expect(verdict(page)).to_contain_text("A run tries out “max_attempts: 1”.")


def test_without_javascript_the_page_is_loaded_again_until_the_run_has_ended(plain: Page) -> None:
    form(plain).get_by_role("radio", name="ack_failures").check()
    check(plain)
    expect(verdict(plain)).to_contain_text("when you reload it.")
    verdict(plain).get_by_role("link", name="A run").click()
    expect(plain.get_by_role("heading", level=1)).to_be_visible()
    plain.go_back()
    for _ in range(600):
        if "Right." in verdict(plain).inner_text():
            break
        plain.reload()
    expect(verdict(plain)).to_contain_text("Right.")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, *(pytest.param(each, marks=pytest.mark.thorough) for each in (1280, 320))])
def test_a_repair_fits_and_is_accessible(width: int, site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    with without_errors(page):
        page.goto(f"{site.url}/lessons/{LESSON}/")
        form(page).get_by_label("New value of max_attempts").fill("2")
        check(page)
        expect(verdict(page)).to_contain_text("Not “", timeout=RUN_MS)
        assert violations(page) == []
        assert overflow(page) <= 0
        form(page).get_by_role("button", name="Show the answer").click()
        expect(verdict(page)).to_contain_text("A right answer is")
        assert violations(page) == []
        assert overflow(page) <= 0
    page.close()
