"""A class with a member who means no good: how long a step takes to the others, beside the same class without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from .figures import Figure, below, p95, plain
from .followers import LONGEST, WARM_UP, allow_files, member_sockets, next_arrival
from .measured_process import Process
from .taught_class import taught_class

MEMBERS = 100
TIMES = 1.5
"""The goal: how many times as long the 95th percentile may be."""
ATTACKS = {
    "flood": "one sends 10,000 messages a second",
    "huge": "one sends messages of 10 MB",
    "forge": "one forges commands and answers",
}
"""What `attacking` can do → what it is."""


def attacked(rounds: int) -> Iterator[Figure]:
    """From a presenter's press to the last of 100 members, while one more does each of these things, and without."""
    allow_files()
    steps = max(1, min(rounds, LONGEST))
    with TemporaryDirectory(prefix="tutor-bench-") as name, taught_class() as taught:
        presenter = taught.presenter
        with member_sockets(presenter.socket, MEMBERS, Path(name)) as sockets:
            for each in sockets:
                each.read()
            for _ in range(WARM_UP):
                next_arrival(presenter.ask, sockets)
            for kind, what in ATTACKS.items():
                calm = [next_arrival(presenter.ask, sockets) for _ in range(steps)]
                with Process("attacking", kind, presenter.socket, presenter.member_page) as attacker:
                    attacker.read()
                    times = [next_arrival(presenter.ask, sockets) for _ in range(steps)]
                    if attacker.process.poll() is not None:
                        raise RuntimeError(f"The attack “{kind}” has ended.")
                yield plain(f"{MEMBERS} members: press to the step at the last one", "ms", calm)
                yield plain(f"the same while {what}", "ms", times)
                yield below(f"its p95 against the p95 without, while {what}", "×", [p95(times) / p95(calm)], TIMES)
