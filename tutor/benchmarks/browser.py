"""What one browser gets: how soon after the transition, and how many bytes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from .figures import Figure, below
from .site import Browser, Site, get, site, watch

FAILING = {"function": "math.fmod", "x": "1", "y": "0"}
"""Knobs whose task fails, and is delivered again after `retry`: by then the page's socket is surely open."""
FIRST_STEPS, STEPS = 5, 8
"""How many steps are made before the second delivery, and with it."""
BYTES_GOAL = 60
COMPRESSED = {"Accept-Encoding": "gzip"}
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def transition_to_browser(rounds: int) -> Iterator[Figure]:
    """From a transition in the lab to the arrival of its row at a websocket, one browser at a time."""
    delays = []
    with site() as served:
        for _ in range(rounds):
            run = Browser(served).press(FAILING)
            came = asyncio.run(watch(served, run, STEPS))
            moments = enumerate(second_delivery(served, run), FIRST_STEPS + 1)
            delays += [(came[step] - moment) * 1000 for step, moment in moments]
    yield below("transition in a lab to its row at a browser", "ms", delays, 50, of="p95")


def second_delivery(served: Site, run: str) -> list[float]:
    """The monotonic seconds at which the second delivery's steps were made: started, stored, idle."""
    return [
        at
        for kind, at, payload in served.events(run)
        if (kind == "started" and payload["delivery"] == 2)
        or (kind == "stored" and payload["attempt_count"] == 2)
        or kind == "idle"
    ]


def page_bytes(rounds: int) -> Iterator[Figure]:
    """The lesson's page over the wire at its first load, with all that it loads, compressed as for a browser."""
    with site() as served:
        run = Browser(served).press({})
        asyncio.run(watch(served, run, 6))
        lesson = [loaded_kb(served, served.lesson) for _ in range(rounds)]
        last = [loaded_kb(served, f"{served.base}/runs/{run}/?step=6") for _ in range(rounds)]
    yield below("lesson page over the wire, first load", "kB", lesson, BYTES_GOAL)
    yield below("a run's page at its last step, first load", "kB", last, BYTES_GOAL)


def loaded_kb(served: Site, address: str) -> float:
    """Thousands of bytes of a page with its scripts, styles and icons, headers included."""
    _, page = get(address, {})
    paths = sorted(set(ASSET.findall(page.decode())))
    answers = [get(each, COMPRESSED) for each in [address, *(served.base + path for path in paths)]]
    return sum(len(headers) + len(body) for headers, body in answers) / 1000
