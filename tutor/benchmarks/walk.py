"""Benchmark of a walk through a long run: what a browser needs for a step, and whether it keeps anything of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tutor.protocol.limits import MIB

from .figures import Figure, below, percentile, plain
from .press import chromium, finished_run, long_lesson, new_page
from .served_site import served_site

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

TASKS, LINES = 30, 120
"""The tasks of the run and the lines that each executes: about 4,000 events, nearly all of them steps."""
TOLD_EVERY = 200
"""The presses after which the progress is printed."""
GOAL_MS, FLAT = 100, 1.2
"""The goals: the milliseconds of a press (p99), and how many times as much memory a page may have after the walk."""
WATCH = """
let pressed = 0;
let show = () => {};
window.nextStep = () => new Promise((resolve) => (show = resolve));
addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true });
document.addEventListener("tutor:shown", ({ target }) => {
  if (target.id === "stage") requestAnimationFrame(() => setTimeout(() => show(performance.now() - pressed)));
});
"""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a page has after its garbage is collected."""

    heap_mib: float
    nodes: float


def walk(rounds: int) -> Iterator[Figure]:
    """From a press to the painted step, through a run of about 4,000 steps and back, once, whatever the rounds."""
    with (
        long_lesson(TASKS, LINES) as lessons,
        served_site(lessons) as site,
        chromium() as browser,
        new_page(browser, f"{site.base}{finished_run(browser, site)}?step=1") as page,
    ):
        page.evaluate(WATCH)
        steps = int(page.locator("#walk-nav").get_attribute("data-made") or 0)
        session = page.context.new_cdp_session(page)
        start = memory_of(session)
        there = press_all(page, "ArrowRight", steps)
        middle = memory_of(session)
        back = press_all(page, "ArrowLeft", steps)
        end = memory_of(session)
    name = f"walk of {steps:,} steps"
    yield plain(f"{name}: press of → to the painted step", "ms", there)
    yield plain(f"{name}: press of ← to the painted step", "ms", back)
    yield below(f"{name}: 99 % of the presses are at most", "ms", [percentile([*there, *back], 99)], GOAL_MS)
    yield plain(f"{name}: the slowest press", "ms", [max(*there, *back)])
    yield plain(f"{name}: JavaScript heap at the last step", "MiB", [middle.heap_mib])
    yield below(
        f"{name}: JavaScript heap after the way back, against that", "×", [end.heap_mib / middle.heap_mib], FLAT
    )
    yield below(f"{name}: DOM nodes at step 1 after the walk, against before", "×", [end.nodes / start.nodes], FLAT)


def press_all(page: Page, key: str, steps: int) -> list[float]:
    """Press `key` from one end of the run to the other, each time when the step before is painted.

    Return the milliseconds from each press to its step on the screen.
    """
    times: list[float] = []
    for number in range(1, steps):
        shown = page.evaluate_handle("({ step: nextStep() })")
        page.keyboard.press(key)
        times.append(float(shown.evaluate("({ step }) => step")))
        shown.dispose()
        if number % TOLD_EVERY == 0:
            last = times[-TOLD_EVERY:]
            sys.stderr.write(f"  {key}: {number} of {steps - 1}, the last {len(last)} in {median(last):.0f} ms each\n")
    return times


def memory_of(session: CDPSession) -> Memory:
    """Collect the garbage of a page, and measure what is left."""
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return Memory(metrics["JSHeapUsedSize"] / MIB, metrics["Nodes"])
