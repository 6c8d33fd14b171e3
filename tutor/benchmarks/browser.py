"""Benchmarks of one browser: how soon a transition in a lab reaches it, and how many bytes a page has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.styles import registry
from tutor.trace.projector import project

from .figures import Figure, below
from .lesson import failing_knobs, measured_lesson
from .served_site import Browser, Site, arrivals, get, served_site

BYTES_GOAL = 60
COMPRESSED = {"Accept-Encoding": "gzip, deflate, br"}
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


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


def page_bytes(rounds: int) -> Iterator[Figure]:
    """Pages over the wire at their first load, with all that they load, compressed as for a browser."""
    with served_site() as site:
        run = Browser(site).press({})
        last_step = max(arrivals(site, run))
        pages = {"lesson page": site.lesson} | {
            f"a run's page at its last step, {name}": f"{site.base}/runs/{run}/?style={name}&step={last_step}"
            for name in registry.styles()
        }
        loaded = {name: [loaded_kb(site, address) for _ in range(rounds)] for name, address in pages.items()}
    for name, kb in loaded.items():
        yield below(f"{name}: first load over the wire", "kB", kb, BYTES_GOAL)


def loaded_kb(site: Site, address: str) -> float:
    """Return the thousands of bytes of a page with its scripts, styles and icons, headers included."""
    _, page = get(address, {})
    paths = sorted(set(ASSET.findall(page.decode())))
    answers = [get(each, COMPRESSED) for each in [address, *(site.base + path for path in paths)]]
    return sum(len(headers) + len(body) for headers, body in answers) / 1000
