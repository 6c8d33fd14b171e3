"""A class that answers questions at the same time: how long an answer takes, and that each is stored once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from .figures import Figure, against, all_of, below, p95
from .followers import free_port, wait_for
from .measured_process import Process
from .served_site import Browser, Site, arrivals, new_site, served_site, serving

BROWSERS, WITHIN_S = 200, 2.0
"""How many answer, and the seconds within which they do, each at some moment."""
FIRST, FIRST_WITHIN_S = 20, 0.2
"""The same of those who answer before them, and aren't measured: a site that is in use has answered before."""
TURNS = 3
"""How often the class answers at most, with other browsers each time."""
RESPONSES = "SELECT token FROM quizzes_response"
TIMES = 2.0
"""The goal: how many times as long as the bare view's the 95th percentile may be."""


def answers(rounds: int) -> Iterator[Figure]:
    """From sending an answer to the response, beside a bare view that writes one row, and what is stored afterwards."""
    ours, bare, stored = [], [], []
    with served_site() as site, bare_site() as port:
        page = page_of_run(site)
        with browsers_at(page, FIRST, FIRST_WITHIN_S) as browsers:
            for each in (port, site.port):
                send(browsers, each)
        for _ in range(max(1, min(rounds, TURNS))):
            with browsers_at(page, BROWSERS, WITHIN_S) as browsers:
                bare += send(browsers, port)["ms"]
                sent = send(browsers, site.port)
            ours += sent["ms"]
            stored.append(stored_once(site, sent["tokens"]))
    name = f"{BROWSERS} answers within {WITHIN_S:g} s"
    yield against(f"{name}: from sending to the response, against a bare view", "ms", ours, bare)
    yield below("p95 of an answer against the bare view's", "×", [p95(ours) / p95(bare)], TIMES)
    yield all_of(f"{name}, some sent twice or cut off: acknowledged, and stored once", min(stored), BROWSERS)
    yield all_of("the same with the site killed in the middle, and started again", stored_after_kill(), BROWSERS)


def stored_after_kill() -> int:
    """Kill the site when half of the answers are acknowledged; return how many of all are stored once in the end."""
    with new_site() as site, ExitStack() as ending:
        with serving(site) as process:
            arrivals(site, Browser(site).press({}))
            browsers = ending.enter_context(browsers_at(page_of_run(site), BROWSERS, WITHIN_S))
            browsers.ask(str(site.port))
            process.kill()
        with serving(site):
            sent = json.loads(browsers.read())
        return stored_once(site, sent["tokens"])


def page_of_run(site: Site) -> str:
    """Return the address of the first run's page."""
    ((run,),) = site.read("SELECT public_id FROM runs_run ORDER BY id LIMIT 1")
    return f"{site.base}/runs/{run}/"


@contextmanager
def browsers_at(page: str, number: int, within_s: float) -> Iterator[Process]:
    """Yield the process of that many browsers, which have loaded the page."""
    with Process("answering", page, str(number), str(within_s)) as browsers:
        browsers.read()
        yield browsers


def send(browsers: Process, port: int) -> dict[str, Any]:
    """Have all browsers send their answers; return the tokens of the acknowledged ones, and milliseconds."""
    browsers.ask(str(port))
    return dict(json.loads(browsers.read()))


def stored_once(site: Site, tokens: Iterable[str], stored: str = RESPONSES) -> int:
    """Return how many of `tokens` are those of exactly one response in the store, or one row of another query."""
    times = Counter(token for (token,) in site.read(stored))
    return sum(times[token] == 1 for token in tokens)


@contextmanager
def bare_site() -> Iterator[int]:
    """Serve a bare view that writes one row; yield its port."""
    port = free_port()
    with TemporaryDirectory(prefix="tutor-bench-") as folder:
        with Process("bare_site", str(port), f"{folder}/bare.sqlite3", environment={"TUTOR_VAR": folder}) as server:
            server.read()
            wait_for(port)
            yield port
