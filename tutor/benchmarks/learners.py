"""Many learners at once: a class that presses Run, and how many runs a minute there can be."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence

from django.conf import settings

from .figures import Figure, all_of, below, plain, rate
from .load import threads
from .site import GIVE_UP_S, Browser, Site, site, watch

LEARNERS = 40
WITHIN_S = 5.0
"""Seconds within which a class presses Run."""
FIRST_S, ALL_S, STEPS = 3.0, 6.0, 6
"""Seconds from a learner's own press to row 1, and to all of the first lesson's rows."""
TURNS = 3


def class_presses_run(rounds: int) -> Iterator[Figure]:
    """A class of one address: each learner presses Run at some moment within 5 s and follows that run live.

    It is measured once whatever `rounds` is, as its figures are of 40 learners; and once more with all of them pressing
    at the same moment.
    """
    chance = random.Random(40)  # The same moments each time.
    spread = sorted(chance.uniform(0, WITHIN_S) for _ in range(LEARNERS))
    with site() as served:
        timed = take_part(served, spread)
        at_once = take_part(served, [0.0] * LEARNERS)
    first, whole = [each[0] for each in timed], [each[1] for each in timed]
    kept = sum(one <= FIRST_S and other <= ALL_S for one, other in timed)
    yield below(f"class of {LEARNERS}: Run to row 1", "s", first, FIRST_S, of="p95")
    yield below(f"class of {LEARNERS}: Run to all {STEPS} rows", "s", whole, ALL_S, of="p95")
    yield plain(f"class of {LEARNERS}: the slowest learner, all {STEPS} rows", "s", [max(whole)])
    yield all_of(f"class of {LEARNERS}: row 1 in {FIRST_S:g} s and all rows in {ALL_S:g} s", kept, LEARNERS)
    yield plain(f"class of {LEARNERS} at the same moment: all {STEPS} rows", "s", [each[1] for each in at_once])


def take_part(served: Site, moments: Sequence[float]) -> list[tuple[float, float]]:
    """A browser presses Run at each of `moments` (seconds); (seconds to row 1, to the last row) of each."""
    browsers = [Browser(served) for _ in moments]
    return asyncio.run(press_together(served, browsers, moments))


async def press_together(
    served: Site, browsers: Sequence[Browser], moments: Sequence[float]
) -> list[tuple[float, float]]:
    loop = asyncio.get_running_loop()
    with threads(len(browsers)) as pool:

        async def learner(browser: Browser, moment: float) -> tuple[float, float]:
            await asyncio.sleep(moment)
            began = time.monotonic()
            run = await loop.run_in_executor(pool, browser.press, {})
            came = await watch(served, run, STEPS)
            never = began + GIVE_UP_S
            return came.get(1, never) - began, came.get(STEPS, never) - began

        return await asyncio.gather(*map(learner, browsers, moments))


def throughput(rounds: int) -> Iterator[Figure]:
    """Runs per minute of the first lesson while the line is never empty, each recorded and with its page loaded."""
    at_once = settings.TUTOR_MAX_LABS
    runs = max(rounds, at_once)
    with site() as served:
        rates = [60 * runs / seconds_for(served, runs) for _ in range(TURNS)]
    yield rate(f"runs a minute, {at_once} labs at once", "runs/min", rates)


def seconds_for(served: Site, runs: int) -> float:
    """From the first of so many presses, four browsers at a time, to the end of the last run."""
    browsers = [Browser(served) for _ in range(runs)]
    began = time.monotonic()
    with threads(4) as pool:
        list(pool.map(lambda browser: browser.press({}), browsers))
    while served.read("SELECT COUNT(*) FROM runs_run WHERE state != 'ended'") != [(0,)]:
        if time.monotonic() > began + GIVE_UP_S + runs:
            raise TimeoutError("The runs did not end.")
        time.sleep(0.01)
    return time.monotonic() - began
