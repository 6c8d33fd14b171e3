from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import FIRST_LESSON, Site


def test_the_list_and_the_address_follow_what_is_typed_into_the_search(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/")
    every = page.locator(".lesson").count()
    field = page.get_by_role("searchbox", name="Search the lessons")
    field.press_sequentially("copysign")
    expect(page).to_have_url(f"{site.url}/lessons/?q=copysign")
    expect(page.locator(".lesson")).not_to_have_count(every)
    expect(page.locator(f'.lesson a[href="/lessons/{FIRST_LESSON}/"]')).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile(rf"^\d+ of {every} lessons$"))
    expect(field).to_be_focused()
    page.reload()
    expect(field).to_have_value("copysign")
    field.fill("")
    expect(page.locator(".lesson")).to_have_count(every)
    expect(page).to_have_url(f"{site.url}/lessons/")


def test_the_search_works_without_scripts(site: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/")
    page.get_by_role("searchbox").fill("copysign")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{site.url}/lessons/?q=copysign")
    expect(page.locator(f'.lesson a[href="/lessons/{FIRST_LESSON}/"]')).to_be_visible()
    page.context.close()
