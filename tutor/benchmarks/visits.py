"""Visits: what one learner costs each part of a deployment, so that sums can say what many cost."""

from __future__ import annotations

import asyncio
import re
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil

from .answering import OK, answer_of, exchange, get
from .chaos.load import Load
from .figures import Figure, plain
from .fleet.whole import Fleet, fleet
from .served_site import TIMEOUT_S, Browser, Site

VISITS, AT_ONCE = 60, 4
ANSWERS = 5
"""The questions that a visitor answers."""
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
ENVIRONMENT = {"TUTOR_REFERENCE_RUNS": "0", "TUTOR_RUNS_PER_MINUTE": "1000"}


def visits(rounds: int) -> Iterator[Figure]:
    """CPU of each part, and what is stored, for a visit: a lesson's page with its files, a run that is followed to its
    end, a look at each of its steps, and five answers."""
    number = max(AT_ONCE, min(VISITS, 3 * rounds))
    with fleet(web=2, labs=1, environment=ENVIRONMENT) as whole:
        site = whole.site
        visit(site)  # Its lab has its template then, and each process its caches.
        before, stored = cpu_s(whole), store_bytes(site)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            steps = list(pool.map(visit, [site] * number))
        after, grown = cpu_s(whole), store_bytes(site) - stored
    for name in before:
        yield plain(
            f"a visit with {max(steps)} steps: CPU of {name}", "ms", [(after[name] - before[name]) * 1000 / number]
        )
    yield plain("a visit: growth of the store", "kB", [grown / number / 1000])


def visit(site: Site) -> int:
    """Visit a site as a learner; return the steps of the run."""
    browser = Browser(site)
    for each in dict.fromkeys(STATIC.findall(load(browser, site.lesson))):
        load(browser, f"{site.base}{each}")
    run = browser.press({})
    steps = asyncio.run(Load(site, "").follow(run)) or 0
    page = f"{site.base}/runs/{run}/"
    for step in range(1, steps + 1):
        load(browser, f"{page}?step={step}", {"HX-Request": "true"})
    asyncio.run(answer(site, page))
    return steps


def load(browser: Browser, address: str, headers: dict[str, str] | None = None) -> str:
    """Load what is at an address, as a browser that takes compressed texts."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity", **(headers or {})})  # noqa: S310
    with browser.opener.open(request, timeout=TIMEOUT_S) as response:
        return str(response.read().decode(errors="replace"))


async def answer(site: Site, page: str) -> None:
    """Load a run's page in a new browser, and answer the questions on it."""
    response = (await exchange(site.port, get(page), site.ssl)).decode()
    for number in range(ANSWERS):
        sent = answer_of(page, response, number)
        if not (await exchange(site.port, sent.head + sent.body, site.ssl)).startswith(OK):
            raise ValueError("An answer was refused.")


def store_bytes(site: Site) -> int:
    ((size,),) = site.read("SELECT pg_database_size(current_database())")
    return int(size)


def cpu_s(whole: Fleet) -> dict[str, float]:
    """Return part → the CPU seconds of its processes so far, with those that have ended."""
    assert whole.database.process and whole.redis.process
    return {
        "nginx": of_tree(whole.proxy.pid),
        "the web processes": sum(of_tree(each.pid) for each in whole.web),
        "the lab host, with the labs": sum(of_tree(each.pid) for each in whole.labs),
        "PostgreSQL": of_tree(whole.database.process.pid),
        "Redis": of_tree(whole.redis.process.pid),
    }


def of_tree(pid: int) -> float:
    first = psutil.Process(pid)
    return sum(sum(each.cpu_times()[:4]) for each in (first, *first.children(recursive=True)))
