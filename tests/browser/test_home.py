"""The home page plays a recorded run up to its question."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import RUN_MS
from tests.browser.site import ROOT, Site, new_site
from tests.browser.test_accessibility import PHONE_FIRST, SIZES, overflow, violations

LESSON = "it-ran-twice"
LAST = "6"
"""The number of scenes of its run."""

AT_WORK = '[data-station^="worker-"] .prelude__token'
"""The token at the worker that has the task: A or B, as either may be the first to take it."""


@pytest.fixture(scope="module")
def home() -> Iterator[Site]:
    """A site with reference runs of the lesson that the home page plays."""
    with tempfile.TemporaryDirectory(prefix="tutor-home-") as folder:
        site = new_site(Path(folder))
        site.start()
        check = [sys.executable, "manage.py", "lessons", "check", LESSON]
        subprocess.run(check, cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL, check=False)
        yield site
        site.end()


def scene_of(page: Page, number: str) -> None:
    expect(page.locator("[data-prelude]")).to_have_attribute("data-scene", number)


@pytest.mark.thorough
def test_it_plays_to_the_question_and_links_to_that_step_of_the_run(home: Site, page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(home.url)
    token, question = page.locator(".prelude__token"), page.get_by_text("And then?")
    expect(question).to_be_hidden()
    expect(page.locator('[data-station="queue"] .prelude__token')).to_have_text("report")
    expect(page.locator(".prelude__pace:visible")).to_contain_text("slow motion: ")
    scene_of(page, LAST)
    expect(page.locator(AT_WORK)).to_be_visible()
    expect(question).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert token.count() == 1
    page.get_by_role("link", name="See it in the run, from here").click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?step=2")
    expect(page.locator("#stage")).to_have_attribute("data-step", "2")
    assert errors == []


def test_it_can_be_paused_and_goes_on_from_there(home: Site, page: Page) -> None:
    page.goto(home.url)
    scene_of(page, "2")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-prelude]")).to_have_attribute("data-state", "paused")
    scene_of(page, "2")
    page.get_by_role("button", name="Play").click()
    scene_of(page, "3")


def test_with_reduced_motion_it_rests_until_it_is_told_to_play(home: Site, browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(home.url)
    expect(page.locator("[data-prelude]")).to_have_attribute("data-state", "paused")
    expect(page.get_by_text("And then?")).to_be_visible()
    expect(page.locator(AT_WORK)).to_be_visible()
    page.get_by_role("button", name="Play").click()
    scene_of(page, "1")
    page.close()


def test_without_scripts_it_is_complete_and_readable(home: Site, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(home.url)
    expect(page.get_by_role("heading", name=re.compile(r"^Worker [AB] is still at work on report\."))).to_be_visible()
    expect(page.get_by_text("And then?")).to_be_visible()
    expect(page.locator(AT_WORK)).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(page.locator(".strip")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("size", PHONE_FIRST)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(home: Site, browser: Browser, size: str) -> None:
    width, height = SIZES[size]
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": height})
    page.goto(home.url)
    assert violations(page) == []
    assert overflow(page) <= 0
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_texts_of_the_catalogues_pictures_are_never_under_12_pixels(
    home: Site, browser: Browser, width: int
) -> None:
    page = browser.new_page(reduced_motion="reduce", viewport={"width": width, "height": 800})
    page.goto(f"{home.url}/lessons/")
    picture = page.locator(f'.lesson:has(a[href="/lessons/{LESSON}/"]) .symptom')
    expect(picture.locator(".symptom__bar").first).to_be_visible()
    scale = picture.evaluate("svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
    sizes = picture.locator("text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    assert sizes
    assert min(sizes) * scale >= 12
    for lesson in page.locator(".lesson").all():
        drawn, words = lesson.locator(".symptom").bounding_box(), lesson.locator(".lesson__text").bounding_box()
        assert drawn
        assert words
        assert drawn["y"] + drawn["height"] <= words["y"]
    assert overflow(page) <= 0
    assert violations(page) == []
    page.close()


def test_a_returning_visitor_comes_back_to_their_step(home: Site, browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(home.url)
    page.get_by_role("button", name="Run it yourself").click()
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=RUN_MS)
    run = page.url.split("?")[0]
    page.goto(f"{run}?step=1")
    page.locator('[data-walk="next"]').click()
    expect(page.locator("#stage")).to_have_attribute("data-step", "2")
    page.goto(home.url)
    expect(page.get_by_text("It ran twice, step 2")).to_be_visible()
    expect(page.get_by_role("link", name="Go on from there")).to_have_attribute("href", f"{run}?step=2")
    page.close()
