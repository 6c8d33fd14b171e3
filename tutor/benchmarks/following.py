"""Benchmark of following a live run: the CPU time and the memory that a site needs until the run has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tutor.runs.models import Event

from .figures import Figure, below
from .followed_site import FIELDS
from .store import SETTINGS

CPU_MS, MIB, LOOK_MS = 0.5, 50, 1
"""The goals: milliseconds of CPU for an event (2 s for 4,000 of them), MiB for a run, and milliseconds of CPU for a
look that finds nothing new (p95)."""
LINEAR = 1.5
"""How many times as much CPU time an event of the longest run may need as one of the shortest."""
ROUNDS = 3
"""The maximum number of times that a run is followed."""


@dataclass(frozen=True, slots=True)
class Following:
    """A run that was followed several times, each time by a process of its own."""

    events: int
    """The number of its events."""
    cpu_s: Sequence[float]
    """CPU seconds of all looks, one after each event, time by time."""
    memory_mib: Sequence[float]
    """What the process grew by, time by time."""
    nothing_new_ms: Sequence[float]
    """CPU milliseconds of looks that found no new event, shortly before the run ended."""

    @property
    def event_ms(self) -> float:
        """CPU milliseconds for an event."""
        return 1000 * median(self.cpu_s) / self.events

    def figures(self) -> Iterator[Figure]:
        name = f"following {self.events:,} events"
        yield below(f"{name}: CPU in total", "s", self.cpu_s, round(self.events * CPU_MS / 1000, 2))
        yield below(f"{name}: memory", "MiB", self.memory_mib, MIB)
        yield below(f"{name}: CPU of a look, nothing new", "ms", self.nothing_new_ms, LOOK_MS, of="p95")


def following(program: str, events: Sequence[Event], rounds: int) -> Following:
    """Follow a run of `program` with these events, at most `ROUNDS` times."""
    stored = [{name: getattr(event, name) for name in FIELDS} for event in events]
    run = json.dumps({"program": program, "events": stored})
    measured = [in_own_process(run) for _ in range(min(rounds, ROUNDS))]
    return Following(
        len(events),
        [each["cpu_s"] for each in measured],
        [each["memory_mib"] for each in measured],
        [look for each in measured for look in each["nothing_new_ms"]],
    )


def in_own_process(run: str) -> dict[str, Any]:
    """Return what `following_process` measures of `run`, with a database of its own."""
    with tempfile.TemporaryDirectory(prefix="tutor-bench-") as folder:
        ended = subprocess.run(
            [sys.executable, "-m", "tutor.benchmarks.following_process"],
            env={**os.environ, **SETTINGS, "TUTOR_VAR": folder},
            input=run,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return dict(json.loads(ended.stdout))


def growth(short: Following, long: Following) -> Figure:
    """Return how many times as much CPU time an event of the long run needs as one of the short run."""
    ratio = long.event_ms / short.event_ms
    return below("CPU of following an event: the longest run against the shortest", "×", [ratio], LINEAR)
