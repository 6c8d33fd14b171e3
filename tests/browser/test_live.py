from __future__ import annotations

import json
import re
import sqlite3
import time

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.site import Site

LESSON = "slow-count"
WITHIN_MS = 200
NOTE_ARRIVALS = """
localStorage.setItem("tutor.pace", "live");
window.arrivals = {};
new MutationObserver(() => {
  for (const row of document.querySelectorAll("[data-row]")) {
    window.arrivals[row.dataset.row] ??= performance.timeOrigin + performance.now();
  }
}).observe(document, { childList: true, subtree: true });
"""


def press_run(page: Page, site: Site) -> None:
    page.add_init_script(NOTE_ARRIVALS)
    page.goto(f"{site.url}/lessons/{LESSON}/")
    page.get_by_role("button", name="Run", exact=True).click()


def until_over(page: Page) -> None:
    expect(page.locator("#walk-nav[data-ended]")).to_be_attached(timeout=20_000)


def at_step(page: Page, number: int) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-step", str(number), timeout=15_000)


def step_moments(site: Site, public_id: str) -> dict[int, float]:
    """Step → the moment of its event, in ms of the epoch."""
    with sqlite3.connect(site.var / "site.sqlite3") as store:
        told = store.execute(
            "SELECT kind, at, payload FROM runs_event JOIN runs_run ON run_id = runs_run.id"
            " WHERE public_id = ? ORDER BY number",
            [public_id],
        ).fetchall()
    monotonic_to_epoch = time.time_ns() - time.monotonic_ns()
    began = json.loads(told[0][2])["monotonic_ns"] + monotonic_to_epoch
    moments = [
        (began + at) / 1e6
        for kind, at, payload in told
        if kind in ("queued", "started", "stored", "program_ended", "idle")
        or (kind == "line" and json.loads(payload)["ran"] == 7)
    ]
    return dict(enumerate(moments, 1))


def lateness(page: Page, site: Site) -> dict[int, float]:
    """Step → ms from its event to its row on a page that follows live, for the steps made after the page was there."""
    press_run(page, site)
    until_over(page)
    made = int(page.locator("#walk-nav").get_attribute("data-made") or 0)
    at_step(page, made)
    arrivals = {int(step): at for step, at in page.evaluate("window.arrivals").items()}
    moments = step_moments(site, page.url.split("/runs/")[1].split("/")[0])
    assert len(moments) == made
    loaded = page.evaluate("performance.timeOrigin")
    return {step: arrivals[step] - at for step, at in moments.items() if at > loaded + 300}


def test_live_each_row_is_there_within_200_ms_of_its_event(page: Page, site: Site) -> None:
    # Something else may have the machine just then, so that one run of five has to do.
    late: list[float] = []
    for _ in range(5):
        rows = lateness(page, site)
        assert len(rows) >= 6
        late.append(max(rows.values()))
        print({step: round(each) for step, each in rows.items()})
        if late[-1] <= WITHIN_MS:
            break
    assert min(late) <= WITHIN_MS


def test_one_may_walk_behind_a_run_that_goes_on_and_catch_up(page: Page, site: Site) -> None:
    press_run(page, site)
    at_step(page, 3)
    page.get_by_role("button", name="Pause").click()
    shown = int(page.locator("#stage").get_attribute("data-step") or 0)
    for step in range(shown - 1, 1, -1):
        page.keyboard.press("ArrowLeft")
        at_step(page, step)
    expect(page.locator(".dot").nth(4)).to_be_attached(timeout=10_000)
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_role("button", name="Play").click()
    expect(page.locator('[data-row="5"]')).to_be_visible()
    until_over(page)
    made = int(page.locator("#walk-nav").get_attribute("data-made") or 0)
    at_step(page, made)
    expect(page.locator("[data-row]")).to_have_count(made)


def test_a_lost_connection_says_so_and_misses_nothing(page: Page, site: Site) -> None:
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket(re.compile("/ws/runs/"), pass_on)
    press_run(page, site)
    at_step(page, 3)
    lines[-1].close(code=1012)
    expect(page.locator("[data-connection]")).to_be_visible()
    until_over(page)
    made = int(page.locator("#walk-nav").get_attribute("data-made") or 0)
    at_step(page, made)
    expect(page.locator("[data-row]")).to_have_count(made)
    expect(page.locator("[data-connection]")).to_be_hidden()
    assert len(lines) > 1
