"""Benchmarks of one browser: how soon a transition in a lab reaches it, and how many bytes a page has."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.format.cases import DEFAULT
from tutor.styles import registry
from tutor.trace.projector import project

from .figures import Figure, below
from .lesson import failing_knobs, measured_lesson
from .press import chromium, finished_run
from .served_site import Browser, Site, arrivals, served_site
from .weight import page_bytes

BYTES_GOAL = 60
"""Thousands of bytes."""
STEPS = 10
"""The steps of the run whose pages are measured."""


def transition_to_browser(rounds: int) -> Iterator[Figure]:
    """From a transition in the lab to the arrival of its row at a websocket, one browser at a time.

    The task fails, and the rows of its second delivery are measured: by then the page's socket is certainly open.
    """
    delays = []
    with served_site() as site:
        for _ in range(rounds):
            run = Browser(site).press(failing_knobs(measured_lesson()))
            arrived = arrivals(site, run)
            delays += [(arrived[step] - moment) * 1000 for step, moment in second_delivery(site, run).items()]
    yield below("transition in a lab to its row at a browser", "ms", delays, 50, of="p95")


def second_delivery(site: Site, run: str) -> dict[int, float]:
    """Return step → the monotonic second of its event, for the steps from a task's second delivery on."""
    events = site.events(run)
    asked_at = events[0].payload["monotonic_ns"]
    moments = {event.number: event.payload.get("raw_at", asked_at + event.at) / 1e9 for event in events}
    second = next(each.number for each in events if each.kind == "started" and each.payload["delivery"] == 2)
    steps = project(measured_lesson(), events).steps
    return {step.number: moments[step.event_number] for step in steps if step.event_number >= second}


def page_weight(rounds: int) -> Iterator[Figure]:
    """Pages of a lesson of ten steps at their first load in Chromium, once, whatever the rounds.

    The last step of a run is measured in each style: with the code of this style, and with that of all of them, which
    somebody has loaded who has looked at each.
    """
    with served_site() as site, chromium() as browser:
        slug = lesson_with(STEPS)
        lesson = f"{site.base}/lessons/{slug}/"
        pages = {"lesson page": [lesson]}
        run = f"{site.base}{finished_run(browser, site, slug)}?step={STEPS}&style="
        for style in registry.styles():
            others = [run + other for other in registry.styles() if other != style]
            pages[f"a run's page at its last step, {style}"] = [run + style]
            pages[f"the same with the code of all styles, {style}"] = [run + style, *others]
        found = {name: page_bytes(browser, addresses) for name, addresses in pages.items()}
    for name, count in found.items():
        yield below(f"{name}: first load over the wire", "kB", [count / 1000], BYTES_GOAL)


def lesson_with(steps: int) -> str:
    """Return the slug of the first lesson whose own run is expected to have that many steps."""
    lessons = catalogue_of((CONTENT,)).read().lessons
    return next(slug for slug, lesson in lessons.items() if len(lesson.case(DEFAULT).path or ()) == steps)
