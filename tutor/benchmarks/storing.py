"""Benchmark of storing events: what one costs, by the clock and of the processors, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Figure, against, plain
from .followers import EVENTS, recorded_run
from .measured_process import Process
from .several import new_store

SIZES = (1, 10, 100)
"""The sizes of the batches."""
EVENTS_A_TURN = 200
STEPS = 20
"""The steps of the run whose events are stored again and again."""
MICRO = 1e-3


@dataclass(frozen=True, slots=True)
class Storing:
    """A process that stores events, and the microseconds that one takes: size of a batch → turn by turn."""

    process: Process
    passed: dict[int, list[float]] = field(default_factory=lambda: {size: [] for size in SIZES})
    used: dict[int, list[float]] = field(default_factory=lambda: {size: [] for size in SIZES})

    def measure(self, size: int) -> None:
        passed, used = self.process.ask(f"{max(1, EVENTS_A_TURN // size)} {size}").split()
        self.passed[size].append(float(passed) * MICRO)
        self.used[size].append(float(used) * MICRO)


def storing(rounds: int) -> Iterator[Figure]:
    """What an event costs in batches of 1, 10 and 100, on SQLite and PostgreSQL in turn."""
    with recorded_run(STEPS) as folder, ExitStack() as stack:
        sqlite, postgresql = (stack.enter_context(storing_in(each, folder / EVENTS)) for each in (False, True))
        for _ in range(max(1, rounds)):
            for size in SIZES:
                sqlite.measure(size)
                postgresql.measure(size)
    for size in SIZES:
        batch = f"an event in a batch of {size}"
        yield plain(f"{batch}, SQLite", "µs", sqlite.passed[size])
        yield plain(f"{batch}, SQLite: of the processors", "µs", sqlite.used[size])
        yield against(f"{batch}, PostgreSQL", "µs", postgresql.passed[size], sqlite.passed[size])
        yield against(f"{batch}, PostgreSQL: of the processors", "µs", postgresql.used[size], sqlite.used[size])


@contextmanager
def storing_in(postgresql: bool, events: Path) -> Iterator[Storing]:
    """Start a process that stores these events, with a store of its own."""
    with new_store(postgresql) as store:
        with Process("storing_process", str(events), environment=store.environment) as process:
            process.read()
            for size in SIZES:
                process.ask(f"1 {size}")  # The first ones open the connection.
            yield Storing(process)
