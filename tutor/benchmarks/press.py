"""Benchmark of a walk on a slow line: how soon a browser shows the step that is pressed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.core.management import CommandError

from .figures import Figure, all_of, below
from .long_lesson import SLUG, TASKS, write_long_lesson
from .served_site import Site, served_site
from .slow_line import slow_line

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DELAY_S = 0.3
"""The delay of the line in either direction."""
PRESSES, EVERY_MS = 100, 500
"""The run of the long lesson has 120 steps and more."""
AT_ONCE = 10
GOAL_MS = 50
RUN_TIMEOUT_MS, TIMEOUT_MS = 120_000, 30_000
WATCH = """
window.pressed = [];
window.shown = [];
addEventListener("keydown", (event) => pressed.push(event.timeStamp), { capture: true });
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id !== "stage") return;
  const step = Number(target.dataset.step);
  requestAnimationFrame(() => setTimeout(() => shown.push([step, performance.now()])));
});
window.there = [];
document.addEventListener("tutor:fragments", ({ detail }) => {
  let isThere = false;
  detail.fragments?.then((fragments) => (isThere = fragments !== null));
  setTimeout(() => there.push(isThere));
});
"""
"""Notes the milliseconds of presses and of steps on the screen, and whether a step was there when it was pressed."""


def press(rounds: int) -> Iterator[Figure]:
    """From a press of → to the next step on the screen, once, whatever the rounds.

    The lesson asks no question, past which no step would be fetched ahead.
    """
    with (
        long_lesson() as lessons,
        served_site(lessons) as site,
        chromium() as browser,
        slow_line(site.port, DELAY_S) as line,
    ):
        address = f"http://127.0.0.1:{line.port}{finished_run(browser, site)}?step=1"
        with new_page(browser, address) as page:
            delays, there = walk(page)
        with new_page(browser, address) as page:
            made = steps_of_presses_at_once(page)
    line_name = f"line of {DELAY_S * 1000:g} ms each way"
    name = f"{line_name}, a press every {EVERY_MS} ms: the step is shown, after the first of {len(delays)}"
    yield below(name, "ms", delays[1:], GOAL_MS, of="p95")
    yield all_of("of these, fetched before they were pressed", there, len(delays) - 1)
    yield all_of(f"{line_name}, {AT_ONCE} presses within a second: steps made", made, AT_ONCE)


@contextmanager
def long_lesson(tasks: int = TASKS, lines: int = 0, seconds: float = 0) -> Iterator[Path]:
    """Write the long lesson; return its parent folder, which is removed afterwards."""
    with TemporaryDirectory(prefix="tutor-bench-") as folder:
        write_long_lesson(Path(folder), tasks, lines, seconds)
        yield Path(folder)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window: the installed one, otherwise Playwright's."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise CommandError("This needs the development dependencies: make install-dev") from None
    with sync_playwright() as playwright:
        installed = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page with an empty cache; continue when the network is idle."""
    page = browser.new_page(reduced_motion="reduce")
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(address, wait_until="networkidle")
    page.evaluate(WATCH)
    yield page
    page.close()


def finished_run(browser: Browser, site: Site, lesson: str = SLUG) -> str:
    """Make a run of a lesson, the long one unless another is given; return its path."""
    with new_page(browser, f"{site.base}/lessons/{lesson}/") as page:
        page.get_by_role("button", name="Run", exact=True).click()
        page.locator("#walk-nav[data-ended]").wait_for(timeout=RUN_TIMEOUT_MS, state="attached")
        return page.url.removeprefix(site.base).split("?")[0]


def walk(page: Page) -> tuple[list[float], int]:
    """Press → regularly.

    Return the milliseconds until each step, or a later one, was shown, and how many after the first were there at once.
    """
    for _ in range(PRESSES):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(EVERY_MS)
    page.locator(f'#stage[data-step="{1 + PRESSES}"]').wait_for()
    page.wait_for_timeout(EVERY_MS)
    noted: dict[str, Any] = page.evaluate("({ pressed, shown, there })")
    delays = [
        next(at for step, at in noted["shown"] if step > number) - pressed
        for number, pressed in enumerate(noted["pressed"], 1)
    ]
    return delays, sum(noted["there"][1:])


def steps_of_presses_at_once(page: Page) -> int:
    """Press → AT_ONCE times as fast as the browser takes it; return how many steps that made."""
    for _ in range(AT_ONCE):
        page.keyboard.press("ArrowRight")
    page.locator("[data-player]:not([aria-busy])").wait_for()
    return int(page.locator("#stage").get_attribute("data-step") or 0) - 1
