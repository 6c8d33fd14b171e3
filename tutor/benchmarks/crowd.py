"""A class that follows one live run, with and without a crowd of sockets that misbehave beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import psutil

from tutor.protocol.limits import MIB

from .figures import Figure, below, p95, plain
from .followers import LONGEST, WARM_UP, live_site, member_sockets, next_arrival, origin_of, recorded_run
from .measured_process import Process

MEMBERS = 200
"""The sockets of the class."""
IDLE, LEAVING = 300, 200
"""The sockets of the crowd that are idle, and those that connect and leave while the run goes on."""
TURNS = 4
"""How often the class is measured without the crowd, and with it."""
TIMES, GROWTH_MIB = 1.5, 32
"""The goals: how many times as long a step may take with the crowd, and by how much the site may grow."""


def crowd(rounds: int) -> Iterator[Figure]:
    """From an event to the last socket of a class, in one run without the crowd and with it, in turns."""
    steps = max(1, min(rounds, LONGEST) // TURNS)
    calm, crowded, memory = [], [], []
    leaving = -(-LEAVING // (TURNS * steps))
    with (
        recorded_run(TURNS * (WARM_UP + 2 * steps)) as folder,
        live_site(folder, "site") as (site, address),
        member_sockets(address, MEMBERS) as sockets,
    ):
        process = psutil.Process(site.process.pid)
        for turn in range(TURNS):
            calm += [told("without the crowd", next_arrival(site.ask, sockets)) for _ in range(WARM_UP + steps)][
                WARM_UP:
            ]
            if turn == 0:
                before = process.memory_info().rss
            with Process("crowd_sockets", address, origin_of(address), str(IDLE), str(leaving)) as others:
                others.read()
                for _ in range(steps):
                    others.ask()
                    crowded.append(told("with the crowd", next_arrival(site.ask, sockets)))
                    memory.append(process.memory_info().rss)
    yield plain(f"{MEMBERS} followers: event to the last socket", "ms", calm)
    yield plain(f"the same beside {IDLE} idle, {LEAVING} leaving, a slow and a deaf socket", "ms", crowded)
    yield below("p95 with the crowd against without", "×", [p95(crowded) / p95(calm)], TIMES)
    yield below("growth of the site's memory meanwhile, at most", "MiB", [(max(memory) - before) / MIB], GROWTH_MIB)


def told(which: str, milliseconds: float) -> float:
    """Print a measurement as it is made, and return it."""
    sys.stderr.write(f"  {which}: {milliseconds:.0f} ms\n")
    return milliseconds
