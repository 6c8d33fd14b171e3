"""A walk in Predict: what comes is said before it is uncovered, by pointer, by keys and without JavaScript."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lessons import SHAPES, without_errors
from tests.browser.site import FIRST_LESSON, ROOT, Site
from tests.browser.test_accessibility import overflow, violations
from tutor.lessons import catalogue

NEVER_BEFORE = re.compile("Recorded|of \\d")
MOST_ANSWERS = 6


FEW, *OTHERS = SHAPES
WINDOWS = [
    (390, "dark"),
    pytest.param(1280, "light", marks=pytest.mark.thorough),
    pytest.param(320, "light", marks=pytest.mark.thorough),
]
WALKED = [FEW, *(pytest.param(slug, marks=pytest.mark.thorough) for slug in OTHERS)]


@pytest.fixture(scope="module")
def referred(site: Site, runs: dict[str, str]) -> Callable[[str], str]:
    """A function from a lesson to the address of a run, on a site that then has reference runs of its cases."""

    @cache
    def address(slug: str) -> str:
        check = [sys.executable, "manage.py", "lessons", "check", slug]
        subprocess.run(check, cwd=ROOT, env=site.environment, capture_output=True, check=False)
        return runs[slug]

    return address


@pytest.fixture
def at_question(referred: Callable[[str], str], still: Page) -> Iterator[Page]:
    still.goto(f"{referred(FIRST_LESSON)}?style=predict&step=1")
    yield still


def choose(page: Page, place: int = 0, sure: str = "Sure") -> None:
    page.locator(".prediction__form").get_by_role("radio").nth(place).check()
    page.get_by_role("button", name=sure, exact=True).click()
    expect(page.locator(".prediction__both")).to_be_visible()


def walk_to_question(page: Page) -> bool:
    """Press → until a question is open; return False if none comes up to the last step."""
    while not page.locator(".prediction__form").count():
        if not page.locator("#next[href]").count():
            return False
        step = int(page.locator("#stage").get_attribute("data-step") or 0)
        page.keyboard.press("ArrowRight")
        expect(page.locator("#stage")).to_have_attribute("data-step", str(step + 1))
    return True


@pytest.mark.parametrize("slug", WALKED)
def test_a_whole_walk_asks_before_it_uncovers(slug: str, referred: Callable[[str], str], still: Page) -> None:
    still.goto(f"{referred(slug)}?style=predict&step=1")
    content, asked = catalogue.get(slug).content, 0
    while walk_to_question(still):
        made = int(still.locator("#walk-nav").get_attribute("data-made") or 0)
        expect(still.locator("#stage")).to_have_attribute("data-step", str(made))
        expect(still.locator("#walk-nav")).not_to_contain_text(NEVER_BEFORE)
        expect(still.get_by_role("heading", level=1)).to_have_text(content.neutral_title)
        choose(still, asked % 2, ("Guessing", "Sure")[asked % 2])
        assert int(still.locator("#walk-nav").get_attribute("data-made") or 0) > made
        asked += 1
    assert 2 <= asked <= MOST_ANSWERS
    expect(still.locator(".prediction__rest")).to_contain_text(f"of {asked}")


def test_going_on_plays_to_the_next_question_and_waits(at_question: Page) -> None:
    choose(at_question)
    at_question.locator("#pace").select_option("4")
    at_question.get_by_role("link", name="Go on").click()
    expect(at_question.locator(".prediction__form")).to_be_visible()
    expect(at_question.locator("[data-player]")).not_to_have_attribute("data-playing", "")


def test_by_keys_alone(at_question: Page) -> None:
    at_question.locator(".prediction__form").get_by_role("radio").first.focus()
    at_question.keyboard.press("Space")
    at_question.keyboard.press("Tab")
    expect(at_question.get_by_role("button", name="Guessing")).to_be_focused()
    at_question.keyboard.press("Enter")
    expect(at_question.locator(".prediction__both")).to_contain_text("You said, guessing")


def test_the_next_step_is_fetched_ahead_once_it_is_uncovered(at_question: Page) -> None:
    asked: list[str] = []
    at_question.on("request", lambda request: asked.append(request.url))
    with at_question.expect_request(re.compile(r"\?uncovered=\d+&style=predict&step=2$")):
        choose(at_question)
    made = int(at_question.locator("#walk-nav").get_attribute("data-made") or 0)
    steps = [int(found[1]) for each in asked if (found := re.search(r"step=(\d+)$", each))]
    assert max(steps) <= made


@pytest.mark.thorough
def test_a_reload_keeps_what_was_said(at_question: Page) -> None:
    choose(at_question)
    said = at_question.locator(".prediction__said").inner_text()
    at_question.reload()
    expect(at_question.locator(".prediction__said")).to_have_text(re.compile(re.escape(said.split("\n")[-1])))


def test_without_javascript(referred: Callable[[str], str], browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{referred(FIRST_LESSON)}?style=predict&step=1")
    choose(page)
    page.get_by_role("link", name=re.compile("Look at step 2")).click()
    expect(page.locator("#stage")).to_have_attribute("data-step", "2")
    choose(page, 1, "Guessing")
    page.get_by_role("button", name="Ask before every step").click()
    expect(page.get_by_role("button", name="Ask before every step")).to_have_attribute("aria-pressed", "true")
    page.context.close()


@pytest.mark.thorough
def test_a_run_that_is_being_recorded_comes_to_its_first_question(site: Site, still: Page) -> None:
    still.goto(f"{site.url}/lessons/{FIRST_LESSON}/?style=predict")
    still.get_by_role("button", name="Run", exact=True).click()
    expect(still).to_have_url(re.compile("style=predict"))
    assert walk_to_question(still) or still.locator(".prediction__form").wait_for() is None


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "dark"),
        pytest.param(1280, "light", marks=pytest.mark.thorough),
        pytest.param(320, "light", marks=pytest.mark.thorough),
    ],
)
def test_it_fits_and_is_accessible(width: int, scheme: str, referred: Callable[[str], str], browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce")
    with without_errors(page):
        page.goto(f"{referred(FIRST_LESSON)}?style=predict&step=1")
        for _ in range(2):
            assert overflow(page) <= 0
            assert violations(page) == []
            choose(page) if page.locator(".prediction__form").count() else None
    page.close()
