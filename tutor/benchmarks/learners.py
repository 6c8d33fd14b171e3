"""Benchmarks of many learners: a class that presses Run, and runs per minute."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

from django.conf import settings

from .figures import Figure, all_of, below, plain, rate
from .load import threads
from .served_site import TIMEOUT_S, Browser, Site, arrivals, follow, served_site

LEARNERS = 40
WITHIN_S = 5.0
"""Seconds within which a class presses Run."""
FIRST_ROW_S, ALL_ROWS_S = 3.0, 6.0
"""Seconds from a learner's own press to the first row, and to all rows."""
TURNS = 3


def class_presses_run(rounds: int) -> Iterator[Figure]:
    """A class of one address: each learner presses Run at some moment within 5 s and follows that run live.

    `rounds` has no effect, because the figures are of 40 learners. A second measurement has all of them press at the
    same moment.
    """
    random_moments = random.Random(40)  # The same moments each time.
    spread = sorted(random_moments.uniform(0, WITHIN_S) for _ in range(LEARNERS))
    with served_site() as site:
        rows = max(arrivals(site, Browser(site).press({})))
        timed = press_at(site, spread, rows)
        at_once = press_at(site, [0.0] * LEARNERS, rows)
    first, last = [each[0] for each in timed], [each[1] for each in timed]
    in_time = sum(one <= FIRST_ROW_S and other <= ALL_ROWS_S for one, other in timed)
    yield below(f"class of {LEARNERS}: Run to row 1", "s", first, FIRST_ROW_S, of="p95")
    yield below(f"class of {LEARNERS}: Run to all {rows} rows", "s", last, ALL_ROWS_S, of="p95")
    yield plain(f"class of {LEARNERS}: the slowest learner, all {rows} rows", "s", [max(last)])
    yield all_of(f"class of {LEARNERS}: row 1 in {FIRST_ROW_S:g} s and all rows in {ALL_ROWS_S:g} s", in_time, LEARNERS)
    yield plain(f"class of {LEARNERS} at the same moment: all {rows} rows", "s", [each[1] for each in at_once])


def press_at(site: Site, moments: Sequence[float], rows: int) -> list[tuple[float, float]]:
    """Have a browser press Run at each of `moments` (seconds from now).

    Return for each the seconds from its press to the first of `rows` rows and to the last, TIMEOUT_S for never.
    """
    browsers = [Browser(site) for _ in moments]
    return asyncio.run(press_all(site, browsers, moments, rows))


async def press_all(
    site: Site, browsers: Sequence[Browser], moments: Sequence[float], rows: int
) -> list[tuple[float, float]]:
    loop = asyncio.get_running_loop()
    with threads(len(browsers)) as pool:

        async def learner(browser: Browser, moment: float) -> tuple[float, float]:
            await asyncio.sleep(moment)
            pressed = time.monotonic()
            run = await loop.run_in_executor(pool, browser.press, {})
            arrived = await follow(site, run)
            never = pressed + TIMEOUT_S
            return arrived.get(1, never) - pressed, arrived.get(rows, never) - pressed

        return await asyncio.gather(*map(learner, browsers, moments))


def throughput(rounds: int) -> Iterator[Figure]:
    """Runs per minute while the run queue is never empty, each recorded and with its page loaded."""
    at_once = settings.TUTOR_MAX_LABS
    runs = max(rounds, at_once)
    with served_site() as site:
        rates = [60 * runs / seconds_for(site, runs) for _ in range(TURNS)]
    yield rate(f"runs a minute, {at_once} labs at once", "runs/min", rates)


def seconds_for(site: Site, runs: int) -> float:
    """Press Run `runs` times, four browsers at a time; return the seconds until the last run has ended."""
    browsers = [Browser(site) for _ in range(runs)]
    began = time.monotonic()
    with threads(4) as pool:
        list(pool.map(lambda browser: browser.press({}), browsers))
    while site.read("SELECT COUNT(*) FROM runs_run WHERE state != 'ended'") != [(0,)]:
        if time.monotonic() > began + TIMEOUT_S + runs:
            raise TimeoutError("The runs did not end.")
        time.sleep(0.01)
    return time.monotonic() - began
