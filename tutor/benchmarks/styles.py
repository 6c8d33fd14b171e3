"""Benchmark of every style at short and long runs: what a step costs the site, and how soon a browser shows it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from tutor.lessons.catalogue import Catalogue
from tutor.lessons.lesson import Lesson
from tutor.runs.models import Event, Run
from tutor.styles import registry
from tutor.styles.moment import Moment
from tutor.trace.projector import project

from .figures import Figure, below, plain
from .long_lesson import SLUG
from .press import chromium, finished_run, long_lesson
from .served_site import Site, served_site
from .steps import CHANGES_KB, KB, MS, rendered, step_message, times_ms
from .style_pages import timeline_frames, views_and_presses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TASKS, LINES = 30, 120
"""The tasks of the run and the lines that each executes: about 4,000 events, nearly all of them steps."""
EVENTS = (20, 200, 2000, 4000)
"""The events after which a step is measured."""
STEPS = 60
"""The maximum number of steps that are rendered before each of these events, and that a browser goes through."""
FIRST_VIEW_MS, PRESS_MS, FRAME_MS = 1000, 50, 33
"""The goals: milliseconds until the first view, of a press (p95), and of a frame while the timeline moves (p95)."""


@dataclass(frozen=True, slots=True)
class StyleAt:
    """A style at the last steps of a run, as they were after a number of its events."""

    style: str
    events: int
    moments: Sequence[Moment]

    @property
    def name(self) -> str:
        return f"{self.style}, {self.events:,} events"

    @property
    def last(self) -> Moment:
        return self.moments[-1]

    def times_ms(self) -> list[float]:
        """Return the milliseconds of CPU to render and compress each step."""
        rendered(self.last)  # Templates are compiled once in the life of a site.
        return times_ms(self.moments)

    def sizes(self) -> Iterator[Figure]:
        """Yield the bytes of the fragments and of the message to a page that shows the step before."""
        html, compressed = rendered(self.last)
        message = step_message(self.last)
        yield plain(f"{self.name}: size of the step", "kB", [len(html) / 1000])
        yield below(f"{self.name}: compressed", "kB", [len(compressed) / 1000], KB)
        yield below(f"{self.name}: socket message from the step before", "kB", [len(message) / 1000], CHANGES_KB)
        yield plain(f"{self.name}: socket message, compressed", "kB", [len(gzip.compress(message, 6)) / 1000])


def styles(rounds: int) -> Iterator[Figure]:
    """Each style of one run after few and many events, on the site and in a browser; how the timeline moves."""
    with long_lesson(TASKS, LINES) as lessons, served_site(lessons) as site, chromium() as browser:
        path = finished_run(browser, site)
        lesson = Catalogue([lessons]).get(SLUG)
        events = site.events(path.strip("/").rpartition("/")[2])
        for style in registry.styles():
            found = [style_at(lesson, events[:count], style, rounds) for count in EVENTS]
            yield from on_the_site(found)
            for each in found:
                yield from in_a_browser(browser, site, path, each, rounds)
        address = f"{site.base}{path}?style=timeline&step={found[-1].last.position}"
        for what, frames in timeline_frames(browser, address).items():
            name = f"timeline, {found[-1].events:,} events: frame while it {what}"
            yield below(name, "ms", frames, FRAME_MS, of="p95")


def style_at(lesson: Lesson, events: Sequence[Event], style: str, rounds: int) -> StyleAt:
    """Return a style at the last steps of a run of `lesson` with these events, at most `STEPS`."""
    trace = project(lesson, events)
    run = Run(pk=0, public_id="benchmark", lesson=lesson.slug)
    last = Moment(lesson, run, trace, trace.number, len(trace.steps), style=style)
    first = max(1, last.made + 1 - min(rounds, STEPS))
    return StyleAt(style, len(events), [last.at(step, style) for step in range(first, last.made + 1)])


def on_the_site(found: Sequence[StyleAt]) -> Iterator[Figure]:
    """Yield what a style costs the site, and how that grows with the run."""
    medians = []
    for each in found:
        times = each.times_ms()
        medians.append(median(times))
        yield below(f"{each.name}: CPU to render and compress a step", "ms", times, MS, of="p95")
        yield from each.sizes()
    yield below(
        f"{found[-1].style}: CPU of a step after {found[-1].events:,} events against {found[-2].events:,}",
        "×",
        [medians[-1] / medians[-2]],
        found[-1].events / found[-2].events,
    )


def in_a_browser(browser: Browser, site: Site, path: str, each: StyleAt, rounds: int) -> Iterator[Figure]:
    """Yield how soon a browser shows a step, at first and after a press."""
    step, count = each.last.position, min(rounds, STEPS)
    address = f"{site.base}{path}?style={each.style}&step={max(1, step - count)}"
    views, times = views_and_presses(browser, address, min(rounds, 3), count)
    yield below(f"{each.name}: first view of the page", "ms", views, FIRST_VIEW_MS)
    yield below(f"{each.name}: press of → to the painted step", "ms", times, PRESS_MS, of="p95")
