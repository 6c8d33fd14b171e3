"""The code walk in a browser: what it shows at every step, and its walk by line."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import SHAPES, printed
from tests.browser.site import FIRST_LESSON, Site
from tests.browser.test_accessibility import overflow, violations

pytestmark = pytest.mark.thorough

PANES = """() => [...document.querySelectorAll('#stage .code-frame')].map(frame => ({
    process: frame.closest('[data-of-process]').dataset.ofProcess,
    file: frame.dataset.frame,
    line: frame.dataset.line ? Number(frame.dataset.line) : null,
    ran: frame.dataset.ran ? Number(frame.dataset.ran) : null,
    live: Number(frame.querySelector('.code-line--live .code-line__number').textContent),
    names: Object.fromEntries([...frame.querySelectorAll('[data-local]')]
        .map(local => [local.dataset.local, local.querySelector('dd').textContent])),
}))"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('#stage *')]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(each => parseFloat(getComputedStyle(each).fontSize)))"""
COVERED = """() => [...document.querySelectorAll('.code-line--live code')].filter(code => {
    code.scrollIntoView({block: 'center'});
    const range = document.createRange();
    range.selectNodeContents(code);
    return [...range.getClientRects()].some(box => box.width > 1
        && !code.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)));
}).length"""
"""The number of live lines over which something else lies."""


def frames(moment: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the panes at a moment must show, in the order of processes and files."""
    both = zip(moment["lines"], moment["locals"], strict=True)
    return in_order(
        {
            "process": f"{line['process']}-{line['pid']}",
            "file": line["file"],
            "line": line["line"],
            "ran": line["ran"],
            "live": line["ran"] if line["line"] is None else line["line"],
            "names": names["names"],
        }
        for line, names in both
    )


def in_order(found: Any) -> list[dict[str, Any]]:
    return sorted(found, key=lambda each: (each["process"], each["file"]))


def at_step(page: Page, step: int) -> None:
    expect(page.locator("#stage:not([data-line])")).to_have_attribute("data-step", str(step))


def at_line(page: Page, line: str) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-line", line)


@pytest.mark.parametrize("slug", SHAPES)
def test_every_step_shows_the_lines_and_variables_of_the_run(
    slug: str, runs: dict[str, str], site: Site, still: Page
) -> None:
    expected = printed(site, runs[slug])["moments"]
    last = len(expected) - 1
    still.goto(f"{runs[slug]}?style=code&step=1")
    for step in [*range(1, last + 1), *range(last - 1, 0, -1)]:
        at_step(still, step)
        assert in_order(still.evaluate(PANES)) == frames(expected[step]), step
        if step < last and still.evaluate("document.body.dataset.back") is None:
            still.keyboard.press("ArrowRight")
        else:
            still.evaluate("document.body.dataset.back = ''")
            still.keyboard.press("ArrowLeft")


def test_a_walk_by_line_goes_through_all_lines_between_two_steps_and_back(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs[FIRST_LESSON]}?style=code&step=0&line=1")
    still.goto(f"{runs[FIRST_LESSON]}?style=code&step=1")
    still.keyboard.press(",")
    expect(still.locator("#stage")).to_have_attribute("data-step", "0")
    expect(still.locator(".code-line--live .code-line__number")).to_have_text("4")
    still.keyboard.press(",")
    expect(still.locator(".code-line--live .code-line__number")).to_have_text("1")
    still.keyboard.press(".")
    expect(still.locator(".code-line--live .code-line__number")).to_have_text("4")
    assert "step=0&line=" in still.url
    still.keyboard.press("ArrowRight")
    at_step(still, 1)
    assert "line=" not in still.url


def test_presses_of_the_link_to_the_next_line_are_counted(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs['chains']}?style=code&step=1")
    seen = []
    for _ in range(6):
        href = still.locator("#next-line").get_attribute("href") or ""
        still.locator("#next-line").click()
        still.wait_for_url(f"**{href}")
        expect(still.locator("#walk-nav")).to_be_attached()
        expect(still.locator("#next-line")).not_to_have_attribute("href", href)
        seen.append(still.locator("#stage").get_attribute("data-line"))
    still.goto(f"{runs['chains']}?style=code&step=1")
    still.evaluate("for (let press = 0; press < 6; press++) document.getElementById('next-line').click()")
    at_line(still, str(seen[-1]))
    still.go_back()
    at_line(still, str(seen[-2]))


def test_a_round_of_a_loop_leads_to_its_line(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs['sixty-mails-three-workers']}?style=code&step=2")
    still.locator("[data-round='3']").first.click()
    expect(still.locator("[data-round='3'][aria-current]")).to_be_visible()
    expect(still.locator("[data-local='n'] dd").first).to_have_text("3")


def test_without_scripts_the_links_lead_from_line_to_line(runs: dict[str, str], browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{runs['chains']}?style=code&step=1")
    page.get_by_role("link", name="Next line").click()
    line = page.locator("#stage").get_attribute("data-line")
    assert f"line={line}" in page.url
    page.get_by_role("link", name="Previous line").click()
    page.get_by_role("link", name="Next line").click()
    at_line(page, str(line))
    context.close()


def test_a_line_is_announced(runs: dict[str, str], still: Page) -> None:
    still.goto(f"{runs[FIRST_LESSON]}?style=code&step=1")
    still.keyboard.press(".")
    expect(still.locator("[data-announcer]")).to_contain_text("is about to run line")


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_fits_the_window_and_is_readable_and_accessible(runs: dict[str, str], browser: Browser, width: int) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": 800})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    for slug, address in runs.items():
        page.goto(f"{address}?style=code&step=5")
        assert overflow(page) <= 0, slug
        assert page.evaluate(SMALLEST) >= 11, slug
        assert page.evaluate(COVERED) == 0, slug
        if width != 390:
            assert violations(page) == [], slug
    assert errors == []
    page.close()
