from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.site import Site
from tests.browser.test_walk import at_step
from tutor.benchmarks.slow_line import SlowLine, slow_line

LESSON = "chains"
DELAY_S = 0.3


@pytest.fixture
def line(site: Site) -> Iterator[SlowLine]:
    """A line to the site that takes 300 ms in either direction."""
    with slow_line(site.port, DELAY_S) as line:
        yield line


@pytest.fixture
def quick(site: Site) -> Iterator[SlowLine]:
    """A line on which a page is there long before a run of some seconds has ended."""
    with slow_line(site.port, 0.0) as line:
        yield line


@pytest.fixture(scope="module")
def finished(site: Site, browser: Browser) -> tuple[str, int]:
    """The path of a finished run with more than ten steps, and the first step at which its question isn't open."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(f"{site.url}/lessons/{LESSON}/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    assert int(page.locator("#walk-nav").get_attribute("data-made") or 0) > 10
    answered = 1
    while page.locator("[data-question-open]").count():
        answered += 1
        page.get_by_role("link", name="Next step").click()
        at_step(page, answered)
    assert answered > 2
    path = page.url.removeprefix(site.url).split("?")[0]
    page.close()
    return path, answered


def open_at(page: Page, line: SlowLine, path: str, step: int) -> None:
    page.goto(f"http://127.0.0.1:{line.port}{path}?step={step}")
    at_step(page, step)


def steps_requested(page: Page) -> list[int]:
    """Return a list to which each step is added whose fragments are requested."""
    steps: list[int] = []

    def note(request: Request) -> None:
        if "edition=" in request.url:
            steps.append(int(request.url.split("step=")[1]))

    page.on("request", note)
    return steps


def test_ten_presses_on_a_slow_line_make_ten_steps(page: Page, line: SlowLine, finished: tuple[str, int]) -> None:
    open_at(page, line, finished[0], 1)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"http://127.0.0.1:{line.port}{finished[0]}?step=11")
    at_step(page, 11)
    for _ in range(4):
        page.get_by_role("link", name="Previous step").click()
    at_step(page, 7)


def test_back_and_forward_show_the_steps_that_were_walked(
    page: Page, line: SlowLine, finished: tuple[str, int]
) -> None:
    open_at(page, line, finished[0], 1)
    for key, step in [("ArrowRight", 2), ("ArrowRight", 3), ("End", None), ("Home", 1)]:
        page.keyboard.press(key)
        if step:
            at_step(page, step)
    page.go_back()
    expect(page.locator("#next")).to_have_attribute("aria-disabled", "true")
    for step in (3, 2):
        page.go_back()
        at_step(page, step)
        expect(page).to_have_url(f"http://127.0.0.1:{line.port}{finished[0]}?step={step}")
    page.go_forward()
    at_step(page, 3)


def test_going_back_leaves_the_page_where_it_is_scrolled_to(page: Page, site: Site, finished: tuple[str, int]) -> None:
    page.goto(f"{site.url}{finished[0]}?step=1")
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    page.keyboard.press("ArrowRight")
    at_step(page, 3)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.go_back()
    at_step(page, 2)
    assert page.evaluate("scrollY") > 300


def test_the_next_step_is_requested_before_it_is_pressed(page: Page, line: SlowLine, finished: tuple[str, int]) -> None:
    path, answered = finished
    with page.expect_response(lambda response: response.url.endswith(f"&step={answered + 1}")) as response:
        open_at(page, line, path, answered)
    assert "immutable" in response.value.headers["cache-control"]
    with page.expect_response(lambda response: response.url.endswith(f"&step={answered + 2}")):
        page.keyboard.press("ArrowRight")
    at_step(page, answered + 1)


@pytest.mark.thorough
def test_no_step_is_requested_past_a_question_that_is_open(
    page: Page, line: SlowLine, finished: tuple[str, int]
) -> None:
    path, answered = finished
    requested = steps_requested(page)
    open_at(page, line, path, 1)
    for step in range(2, answered):
        page.keyboard.press("ArrowRight")
        at_step(page, step)
        page.wait_for_load_state("networkidle")
        assert max(requested) == step
    page.keyboard.press("ArrowRight")
    at_step(page, answered)


@pytest.mark.thorough
def test_presses_on_a_lost_line_are_pending_until_it_is_back(
    page: Page, line: SlowLine, finished: tuple[str, int]
) -> None:
    open_at(page, line, finished[0], 1)
    line.cut()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-pending]")).to_have_text("Step 4 …")
    expect(page.locator("[data-player]")).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-connection]")).to_be_visible()
    at_step(page, 1)
    line.restore()
    at_step(page, 4)
    expect(page.locator("[data-pending]")).to_be_hidden()
    expect(page.locator("[data-connection]")).to_be_hidden()


def test_a_browser_that_is_online_again_tries_at_once(page: Page, site: Site, finished: tuple[str, int]) -> None:
    page.clock.install()
    page.goto(f"{site.url}{finished[0]}?step=1")
    page.clock.pause_at("2100-01-01")  # No timer of the page fires.
    page.context.set_offline(True)
    expect(page.locator("[data-connection]")).to_be_visible()
    page.keyboard.press("End")
    question = page.locator("#question-1")
    question.locator("input[type=radio]").first.check()
    question.get_by_role("button", name="Check").click()
    page.context.set_offline(False)
    expect(page.locator("#next")).to_have_attribute("aria-disabled", "true")
    expect(question.locator(".verdict__text")).to_be_visible()
    expect(page.locator("[data-connection]")).to_be_hidden()


def test_what_fails_while_the_browser_comes_online_is_tried_again_at_once(
    page: Page, site: Site, finished: tuple[str, int]
) -> None:
    held: list[Route] = []
    page.clock.install()
    page.goto(f"{site.url}{finished[0]}?step=1")
    page.clock.pause_at("2100-01-01")
    page.route("**/htmx*", lambda route: route.continue_() if held else held.append(route))
    question = page.locator("#question-1")
    with page.expect_request("**/htmx*"):
        question.locator("input[type=radio]").first.check()
    question.get_by_role("button", name="Check").click()
    page.evaluate("dispatchEvent(new Event('online'))")
    held[0].abort()
    expect(question.locator(".verdict__text")).to_be_visible()


def test_a_page_that_follows_a_run_over_a_line_that_was_lost_misses_nothing(page: Page, quick: SlowLine) -> None:
    page.add_init_script("localStorage.setItem('tutor.pace', 'live')")
    page.goto(f"http://127.0.0.1:{quick.port}/lessons/slow-count/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator('[data-row="2"]')).to_be_visible()
    quick.cut()
    expect(page.locator("[data-connection]")).to_be_visible()
    quick.restore()
    expect(page.locator("[data-connection]")).to_be_hidden()
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    at_step(page, int(page.locator("#walk-nav").get_attribute("data-made") or 0))
