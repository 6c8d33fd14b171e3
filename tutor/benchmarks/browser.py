"""Benchmarks of one browser: how soon a transition in a lab reaches it, and how many bytes a page has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.lessons.catalogue import CONTENT, catalogue_of
from tutor.lessons.format.cases import DEFAULT
from tutor.styles import registry
from tutor.trace.projector import project

from .figures import Figure, below, plain
from .lesson import failing_knobs, measured_lesson
from .press import chromium, finished_run
from .served_site import Browser, Site, arrivals, served_site
from .weight import page_bytes

BYTES_GOAL = 60
"""Thousands of bytes."""
STEPS = 10
"""The steps of the run whose pages are measured."""
FIVE = ("step_by_step", "flow", "code", "timeline", "read")
"""The styles that show a run and ask nothing. Together, their code has the goal of a page."""


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

    The last step of a run is measured in each style: with the code of this style, and with that of more, which somebody
    has loaded who has looked at each.
    """
    with served_site() as site, chromium() as browser:
        slug = lesson_with(STEPS)
        run = f"{site.base}{finished_run(browser, site, slug)}?step={STEPS}&style="
        pages = {"lesson page": [f"{site.base}/lessons/{slug}/"]}
        pages |= {f"a run's page at its last step, {style}": [run + style] for style in registry.styles()}
        pages |= {f"{style} with the code of the five": addresses(run, style, FIVE) for style in FIVE}
        found = {name: page_bytes(browser, each) for name, each in pages.items()}
        every = page_bytes(browser, addresses(run, FIVE[0], registry.styles()))
    for name, count in found.items():
        yield below(f"{name}: first load over the wire", "kB", [count / 1000], BYTES_GOAL)
    yield plain(f"{FIVE[0]} with the code of every style: first load over the wire", "kB", [every / 1000])


def addresses(run: str, first: str, styles: Iterable[str]) -> list[str]:
    """Return the addresses of a run's page in these styles, that of `first` before the others."""
    return [run + first, *(run + style for style in styles if style != first)]


def lesson_with(steps: int) -> str:
    """Return the slug of the first lesson whose own run is expected to have that many steps."""
    lessons = catalogue_of((CONTENT,)).read().lessons
    return next(slug for slug, lesson in lessons.items() if len(lesson.case(DEFAULT).path or ()) == steps)
