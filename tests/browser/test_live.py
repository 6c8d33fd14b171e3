from __future__ import annotations

import re

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.site import Site

LESSON = "slow-count"
NOTE_ARRIVALS = """
localStorage.setItem("tutor.pace", "live");
window.arrivals = [];
new MutationObserver(() => {
  const ended = document.querySelector("#walk-nav[data-ended]") !== null;
  for (const { dataset } of document.querySelectorAll("[data-row]")) {
    if (!window.arrivals.some((arrival) => arrival.row === dataset.row)) {
      window.arrivals.push({ row: dataset.row, ended });
    }
  }
}).observe(document, { childList: true, subtree: true });
"""
"""Sets the pace to live, and notes each row of the execution table when it appears, and whether the run has ended."""


def press_run(page: Page, site: Site) -> None:
    page.add_init_script(NOTE_ARRIVALS)
    page.goto(f"{site.url}/lessons/{LESSON}/")
    page.get_by_role("button", name="Run", exact=True).click()


def until_ended(page: Page) -> int:
    """Wait for the end of the run, and return the number of its steps."""
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=60_000)
    return int(page.locator("#walk-nav").get_attribute("data-made") or 0)


def at_step(page: Page, number: int) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-step", str(number), timeout=60_000)


def test_a_page_that_follows_a_run_shows_each_row_in_order_while_the_run_goes_on(page: Page, site: Site) -> None:
    press_run(page, site)
    made = until_ended(page)
    at_step(page, made)
    arrivals = page.evaluate("window.arrivals")
    assert [int(arrival["row"]) for arrival in arrivals] == list(range(1, made + 1))
    assert not any(arrival["ended"] for arrival in arrivals[:3])


def test_a_visitor_may_walk_back_during_a_run_and_catch_up(page: Page, site: Site) -> None:
    press_run(page, site)
    expect(page.locator('[data-row="3"]')).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    shown = int(page.locator("#stage").get_attribute("data-step") or 0)
    for step in range(shown - 1, 1, -1):
        page.keyboard.press("ArrowLeft")
        at_step(page, step)
    expect(page.locator(".dot").nth(4)).to_be_attached()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Play").click()
    expect(page.locator('[data-row="5"]')).to_be_visible()
    made = until_ended(page)
    at_step(page, made)
    expect(page.locator("[data-row]")).to_have_count(made)


def test_a_page_that_loses_its_connection_says_so_and_misses_nothing(page: Page, site: Site) -> None:
    is_down = True

    def connect(socket: WebSocketRoute) -> None:
        if is_down:
            socket.close(code=1012)
        else:
            socket.connect_to_server()

    page.route_web_socket(re.compile("/ws/runs/"), connect)
    press_run(page, site)
    expect(page.locator("[data-connection]")).to_be_visible()
    is_down = False
    made = until_ended(page)
    at_step(page, made)
    expect(page.locator("[data-row]")).to_have_count(made)
    expect(page.locator("[data-connection]")).to_be_hidden()
