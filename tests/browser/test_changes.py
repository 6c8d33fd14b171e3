"""The changes that a websocket sends, applied by a browser: the page is the same as one that is loaded there."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.site import Site
from tests.browser.test_live import at_step, until_ended

LESSON = "slow-count"
AS_LIVE = "localStorage.setItem('tutor.pace', 'live')"
OF_ANOTHER_BUILD = """
addEventListener("DOMContentLoaded", () => {
  const nav = document.getElementById("walk-nav");
  if (nav) nav.dataset.edition = "of-another-build";
});
"""
SHOWN = """
() => ["walk-nav", "stage"].map((id) => {
  const copy = document.getElementById(id).cloneNode(true);
  for (const each of [copy, ...copy.querySelectorAll("*")]) {
    const attributes = [...each.attributes].map(({ name, value }) => [name, value]).sort();
    for (const [name] of attributes) each.removeAttribute(name);
    for (const [name, value] of attributes) each.setAttribute(name, value);
  }
  return copy.outerHTML;
})
"""
"""Returns the HTML of the fragments without what their way to the page leaves in them."""


def run_live(page: Page, site: Site) -> None:
    page.add_init_script(AS_LIVE)
    page.goto(f"{site.url}/lessons/{LESSON}/")
    page.get_by_role("button", name="Run", exact=True).click()


def is_as_loaded(page: Page) -> None:
    """Check that the page shows what another page does that is loaded at its step, once its address has the step."""
    step = page.locator("#stage").get_attribute("data-step")
    expect(page).to_have_url(re.compile(rf"[?&]step={step}$"))
    other = page.context.new_page()
    other.goto(page.url)
    assert page.evaluate(SHOWN) == other.evaluate(SHOWN)
    assert page.locator("#scrubber").screenshot() == other.locator("#scrubber").screenshot()


def kinds(messages: list[str]) -> set[str]:
    return {how for each in messages for how, _, _ in json.loads(each)["changes"]}


@pytest.fixture
def messages(page: Page) -> list[str]:
    """The messages that the page's websocket has received so far."""
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda text: received.append(str(text))))
    return received


def test_a_page_that_followed_a_run_is_as_one_that_is_loaded(page: Page, site: Site, messages: list[str]) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    run_live(page, site)
    at_step(page, until_ended(page))
    is_as_loaded(page)
    assert kinds(messages) >= {"attributes", "after", "replace"}
    assert not any('"replace","stage"' in each for each in messages)
    assert errors == []


@pytest.mark.thorough
def test_a_page_that_stayed_at_a_step_and_then_walks_is_as_one_that_is_loaded(page: Page, site: Site) -> None:
    run_live(page, site)
    expect(page.locator('[data-row="3"]')).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.keyboard.press("Home")
    at_step(page, 1)
    until_ended(page)
    at_step(page, 1)
    names = page.locator(".dot__name").all_text_contents()
    assert all(names[:3])  # A name that the page has shown stays there.
    page.keyboard.press("End")
    at_step(page, int(page.locator("#walk-nav").get_attribute("data-made") or 0))
    is_as_loaded(page)


@pytest.mark.thorough
def test_a_message_that_comes_too_late_is_dropped_and_made_up_for(page: Page, site: Site) -> None:
    kept: list[str | bytes] = []
    sockets: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        """Keep the first message until the page has changed."""
        sockets.append(socket)
        socket.connect_to_server().on_message(lambda text: socket.send(text) if kept else kept.append(text))

    page.route_web_socket(re.compile("/ws/runs/"), connect)
    run_live(page, site)
    while not kept:
        page.evaluate("() => new Promise(requestAnimationFrame)")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#walk-nav")).not_to_have_attribute("data-made", "0")
    sockets[0].send(kept[0])
    until_ended(page)
    assert json.loads(kept[0])["from"]["follow"]
    at_step(page, 0)
    page.keyboard.press("End")
    at_step(page, int(page.locator("#walk-nav").get_attribute("data-made") or 0))
    is_as_loaded(page)


def test_a_page_keeps_the_focus_and_what_is_open_while_it_follows(page: Page, site: Site) -> None:
    run_live(page, site)
    link = page.locator("#previous")
    expect(page.locator('[data-row="2"]')).to_be_visible()
    link.focus()
    page.evaluate("() => (window.kept = document.querySelector('[data-row=\"1\"]'))")
    until_ended(page)
    expect(link).to_be_focused()
    assert page.evaluate("() => window.kept.isConnected")


def test_a_page_of_another_build_gets_everything(page: Page, site: Site, messages: list[str]) -> None:
    page.add_init_script(OF_ANOTHER_BUILD)
    run_live(page, site)
    at_step(page, until_ended(page))
    assert '"replace","stage"' in messages[0]
    assert not any('"replace","stage"' in each for each in messages[1:])
    is_as_loaded(page)
