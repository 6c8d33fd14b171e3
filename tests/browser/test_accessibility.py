from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import FIRST_LESSON, Site

AXE = (Path(__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules whose result depends on the colours."""
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
PHONE_FIRST = ["phone", pytest.param("wide", marks=pytest.mark.thorough)]
STEPS = {"copysign": 6, "fmod": 8}
STEPS_SEEN = {"wide": (1, 3, 6), "phone": (3,)}
"""The steps that axe looks at, which takes it seconds each; between them, all kinds of parts are on the page."""


@pytest.fixture(scope="module")
def runs(site: Site, browser: Browser) -> dict[str, str]:
    """Return the addresses of a run that succeeded and of one whose task failed, both ended."""
    found = {}
    page = browser.new_page(reduced_motion="reduce")
    for function, steps in STEPS.items():
        page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
        page.get_by_label("Function").select_option(f"math.{function}")
        page.get_by_label("y", exact=True).fill("0" if function == "fmod" else "-1")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=20_000)
        expect(page.locator(".dot")).to_have_count(steps)
        found[function] = page.url.split("?")[0]
    page.close()
    return found


def violations(page: Page) -> list[tuple[str, Any]]:
    """Return what axe finds in light colours, and what the rules about colours find in dark ones: (rule, elements)."""
    page.evaluate(AXE)
    page.emulate_media(color_scheme="light")
    light = found_by(page, RULES)
    page.emulate_media(color_scheme="dark")
    return light + found_by(page, COLOUR_RULES)


def found_by(page: Page, rules: list[str]) -> list[tuple[str, Any]]:
    found = page.evaluate("rules => axe.run({runOnly: rules})", rules)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]]


def overflow(page: Page) -> int:
    return page.evaluate("document.scrollingElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_axe_finds_nothing_on_any_kind_of_page(site: Site, runs: dict[str, str], browser: Browser, size: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": height})
    addresses = [f"{runs['copysign']}?step={step}" for step in STEPS_SEEN[size]] + [f"{runs['fmod']}?step=8"]
    addresses += [
        f"{site.url}{path}"
        for path in ("/", f"/lessons/{FIRST_LESSON}/", "/lessons/?q=task", "/runs/", "/nothing-here/")
    ]
    for address in addresses:
        page.goto(address)
        assert violations(page) == [], address
        assert overflow(page) <= 0, address
    page.goto(f"{site.url}/lessons/{FIRST_LESSON}/")
    page.get_by_label("x", exact=True).fill("banana")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 1600])
def test_nothing_is_wider_than_the_window(site: Site, runs: dict[str, str], browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for address in (f"{site.url}/", f"{site.url}/lessons/", f"{runs['copysign']}?step=6", f"{runs['fmod']}?step=8"):
        page.goto(address)
        assert overflow(page) <= 0, address
    page.close()


def test_each_new_step_is_announced_in_a_sentence(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['copysign']}?step=1")
    page.get_by_role("link", name="Next step").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Step 2, Running.")
    page.get_by_role("link", name="Next step").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Step 3, Success.")


def test_the_focus_stays_on_the_link_that_was_pressed(runs: dict[str, str], page: Page) -> None:
    page.goto(f"{runs['copysign']}?step=1")
    page.get_by_role("link", name="Next step").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#stage")).to_have_attribute("data-step", "2")
    expect(page.get_by_role("link", name="Next step")).to_be_focused()
