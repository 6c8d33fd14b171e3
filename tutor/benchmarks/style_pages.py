"""What a browser needs for a style: the first view of its page, a step by a press, and frames of a moving timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .press import new_page
from .walk import WATCH, press_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FRAMES = 90
"""The frames of each movement."""
LARGEST = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""
"""The milliseconds from the beginning of the navigation to the paint of the largest text."""
MOVE = """([keys, frames]) => new Promise((resolve) => {
  const svg = document.querySelector("[data-svg]");
  const box = svg.getBoundingClientRect();
  const times = [];
  let last;
  function frame(now) {
    if (last !== undefined) times.push(now - last);
    last = now;
    if (times.length === frames) return resolve(times);
    const deltaY = times.length % 30 < 15 ? -40 : 40;
    const place = { clientX: box.left + box.width / 3, clientY: box.top + 80 };
    svg.dispatchEvent(new WheelEvent("wheel", { ...keys, ...place, deltaY, bubbles: true, cancelable: true }));
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})"""
"""Turns the wheel over the timeline in each frame, in and out again; the milliseconds from each frame to the next."""
MOVEMENTS = {"zooms": {"ctrlKey": True}, "pans": {"shiftKey": True}}
"""What the timeline does → the keys that are held while the wheel turns."""


def views_and_presses(browser: Browser, address: str, rounds: int, count: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds until a page shows its largest text, and from each press of → to its step on the screen.

    The page is opened that many times, each time with an empty cache, and → is pressed `count` times.
    """
    views: list[float] = []
    presses: list[float] = []
    for _ in range(rounds):
        with new_page(browser, address) as page:
            views.append(float(page.evaluate(LARGEST)))
            page.evaluate(WATCH)
            presses += press_all(page, "ArrowRight", count + 1)
    return views, presses


def timeline_frames(browser: Browser, address: str) -> dict[str, list[float]]:
    """Return what the timeline does → the milliseconds between two frames meanwhile."""
    with new_page(browser, address) as page:
        for _ in range(3):  # It is zoomed in, so that it can be moved.
            page.keyboard.press("+")
        return {name: list(page.evaluate(MOVE, [keys, FRAMES])) for name, keys in MOVEMENTS.items()}
