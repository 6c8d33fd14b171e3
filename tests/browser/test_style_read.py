"""The style Read: at every step it says what `show_run --json` says, and it prints as a handout."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import SHAPES, printed
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations
from tutor.styles.drawing.costs import TASKS, text_of
from tutor.styles.window import up_to
from tutor.trace.phases import Time

pytestmark = pytest.mark.thorough

CELLS = """() => Object.fromEntries([...document.querySelectorAll('.costs__table tr[data-of-task]')].map((row) => [
    row.dataset.ofTask, [...row.querySelectorAll('td')].map((cell) => [cell.dataset.phase, cell.textContent])]))"""
ROWS = """() => Object.fromEntries([...document.querySelectorAll('[data-rows]')].map((row) => [
    row.dataset.rows, [...row.querySelectorAll('b')].map((count) => Number(count.textContent))]))"""
TOTAL = "() => [...document.querySelectorAll('.costs__table tfoot td')].map((cell) => cell.textContent)"
SENTENCES = "() => [...document.querySelectorAll('.transcript__steps li span')].map((each) => each.textContent)"


def texts_of(times: dict[str, Any], counted: bool = True) -> list[tuple[str, str]]:
    return [(phase, text_of(Time(**{**time, "ms": time["ms"] or 0.0}), counted)) for phase, time in times.items()]


def says(page: Page, moment: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    """Check that the page says what `show_run` tells of a moment."""
    costs = moment["costs"]
    by_label = {task["label"]: [list(each) for each in texts_of(task["times"])] for task in costs["tasks"]}
    shown = page.evaluate(CELLS)
    assert len(shown) == min(TASKS, len(by_label))
    assert shown == {label: by_label[label] for label in shown}
    if len(by_label) > 1:
        assert page.evaluate(TOTAL) == [text for _, text in texts_of(costs["total"], counted=False)]
    rows = page.evaluate(ROWS)
    assert {name: counts[0] for name, counts in rows.items()} == {
        name: table["count"] for name, table in moment["rows"].items()
    }
    assert {name: max(counts) for name, counts in rows.items()} == {
        name: most["count"] for name, most in costs["most_rows"].items()
    }
    told = up_to(moment["step"]).of(steps)
    assert page.evaluate(SENTENCES) == [each["sentence"] for each in told if each["sentence"]]


@pytest.mark.parametrize("slug", SHAPES)
def test_at_every_step_in_both_directions_it_says_what_show_run_says(
    slug: str, site: Site, runs: dict[str, str], still: Page
) -> None:
    shown = printed(site, runs[slug])
    moments = shown["moments"]
    still.goto(f"{runs[slug]}?style=read&step=1")
    says(still, moments[1], shown["steps"])
    there = range(2, len(moments))
    for key, numbers in (("ArrowRight", there), ("ArrowLeft", range(len(moments) - 2, 0, -1))):
        for number in numbers:
            still.keyboard.press(key)
            expect(still.locator("#stage")).to_have_attribute("data-step", str(number))
            says(still, moments[number], shown["steps"])


def test_answers_open_at_the_end_and_stay_as_they_were_left(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs['it-ran-twice']}?style=read&step=1")
    moments, snapshot = still.locator("#key-moments"), still.locator("#snapshot")
    expect(moments).not_to_have_attribute("open", "")
    snapshot.locator("summary").click()
    still.keyboard.press("ArrowRight")
    expect(still.locator("#stage")).to_have_attribute("data-step", "2")
    expect(snapshot).to_have_attribute("open", "")
    expect(moments).not_to_have_attribute("open", "")
    still.keyboard.press("End")
    expect(moments).to_have_attribute("open", "")
    snapshot.locator("summary").click()
    moments.get_by_role("link", name="See step").first.click()
    expect(moments).to_have_attribute("open", "")
    expect(snapshot).not_to_have_attribute("open", "")


def test_a_sentence_of_the_transcript_leads_to_its_step(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs[FIRST_LESSON]}?style=read&step=6")
    still.get_by_role("link", name="Step 2", exact=True).last.click()
    expect(still.locator("#stage")).to_have_attribute("data-step", "2")
    expect(still).to_have_url(re.compile(r"\?style=read&step=2$"))


def test_a_handout_has_the_parts_that_are_closed_on_the_screen(runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{runs['it-ran-twice']}?style=read&step=1")
    answer = page.locator(".key-moment").first
    expect(answer).to_be_hidden()
    page.emulate_media(media="print")
    expect(answer).to_be_visible()
    expect(page.locator(".snapshot li").first).to_be_visible()
    expect(page.locator(".player, .quiz").first).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_fits_the_window_and_is_accessible(width: int, runs: dict[str, str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    for slug in SHAPES:
        for step in (1, 100):
            page.goto(f"{runs[slug]}?style=read&step={step}")
            assert overflow(page) <= 0
    assert violations(page) == []
    page.close()
