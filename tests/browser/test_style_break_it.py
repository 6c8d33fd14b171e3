"""The style Break it: a run is broken at a step, its consequences are foreseen, and both runs are compared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import without_errors
from tests.browser.site import Site
from tests.browser.test_accessibility import overflow, violations

LESSON = "task-results-and-status"


def at_step_2(page: Page, runs: dict[str, str]) -> Page:
    page.goto(f"{runs[LESSON]}?style=break_it&step=2")
    return page


def answer(page: Page, **said: str) -> None:
    ask = page.get_by_role("region", name="What will come of it?")
    expect(ask.get_by_role("button", name="Show the new run")).to_be_visible(timeout=60_000)
    for question, option in said.items():
        ask.get_by_role("group", name=re.compile(question)).get_by_label(option, exact=True).check()
    ask.get_by_role("button", name="Show the new run").click()


def test_a_worker_is_killed_where_one_stands_and_what_comes_is_foreseen(still: Page, runs: dict[str, str]) -> None:
    at_step_2(still, runs).get_by_role("button", name="Kill its worker").click()
    expect(still.locator(".compare__table")).to_have_count(0)
    answer(still, stored="Success", often="twice", learn="no")
    expect(still.get_by_role("heading", name="3 of 3 foreseen")).to_have_count(0)
    expect(still.get_by_text("3 of 3 foreseen")).to_be_visible()
    expect(still.get_by_role("heading", name="In the new run instead: “The worker dies”")).to_be_visible()
    expect(still.locator(".break-it__done")).to_contain_text(
        "copysign, delivery 1, when it has started: Kill its worker"
    )
    still.get_by_role("button", name="Take back").click()
    expect(still).to_have_url(re.compile(re.escape(runs[LESSON].rpartition("/runs/")[2])))


def test_the_choices_follow_the_walk_and_a_reason_leads_to_where_it_can_be_done(
    still: Page, runs: dict[str, str]
) -> None:
    at_step_2(still, runs)
    still.get_by_role("link", name="Next step").click()
    expect(still.get_by_role("button", name="Kill its worker")).to_have_count(0)
    still.get_by_role("listitem").filter(has_text="Kill its worker").get_by_role("link", name="Go to step 2").click()
    expect(still.get_by_role("button", name="Kill its worker")).to_be_visible()


@pytest.mark.parametrize("size", [pytest.param((1280, 800), marks=pytest.mark.thorough), (390, 844)])
def test_axe_finds_nothing_before_it_is_broken_when_asked_and_after(
    browser: Browser, runs: dict[str, str], size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    with without_errors(page):
        at_step_2(page, runs)
        assert violations(page) == []
        page.get_by_role("button", name="Make it raise").click()
        ask = page.get_by_role("region", name="What will come of it?")
        expect(ask.get_by_role("button", name="Show the new run")).to_be_visible(timeout=60_000)
        assert violations(page) == []
        ask.get_by_role("button", name="Show it without answering").click()
        expect(page.locator(".compare__table")).to_be_visible()
        assert violations(page) == []
        assert overflow(page) == 0
    page.close()


@pytest.mark.thorough
def test_it_works_without_javascript(site: Site, browser: Browser, runs: dict[str, str]) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    at_step_2(page, runs).get_by_role("button", name="Make it raise").click()
    button = page.get_by_role("button", name="Show it without answering")
    while not button.count():
        page.reload()
    button.click()
    expect(page.get_by_role("heading", name="the new run", level=2).first).to_be_visible()
    page.context.close()
