"""A lab's usage of resources, measured from outside and compared with its limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from tutor.labs.inside.folders import used_bytes
from tutor.labs.inside.processes import descendants, is_alive, kill_all
from tutor.protocol.limits import MEASURE_EVERY_S, MIB, Limits
from tutor.protocol.observation import Observation

Memory = tuple[int, float, float, int]
"""The bytes of a process's unshared memory, and its CPU seconds and resident bytes when they were counted."""
Check = tuple[str, str, float, float]
"""A limit, its unit, its value, and the measured value."""


class Usage:
    """The usage of one lab: observations are counted as they come, the rest is measured every `MEASURE_EVERY_S`.

    `now` is the lab's clock and returns seconds.
    """

    def __init__(self, limits: Limits, supervisor: int, folder: Path, now: Callable[[], float]) -> None:
        self.limits, self.supervisor, self.folder, self.now = limits, supervisor, folder, now
        self.began = now()
        self.measure_at = self.began + MEASURE_EVERY_S
        self.events = 0
        self.observed_bytes = 0
        self.stored_bytes = 0
        """The bytes that `Limits.run_bytes` limits. The recorder's caller updates it after each batch."""
        self.shares: dict[str, float] = {}
        """Limit → the largest share of it that has been used, where 1 is all."""
        self.memory: dict[psutil.Process, Memory] = {}
        self.known: set[psutil.Process] = set()
        """All processes of the lab that have been measured."""

    def add(self, observation: Observation) -> None:
        """Count an observation."""
        self.events += 1
        self.observed_bytes += len(json.dumps(observation.payload, default=str))

    @property
    def has_room(self) -> bool:
        """Whether more observations can be kept."""
        return self.events < self.limits.events and self.observed_bytes < self.limits.observed_bytes

    def due_in(self) -> float:
        """Return the seconds until it is time to measure."""
        return min(self.measure_at, self.began + self.limits.wall_s) - self.now()

    def limit_met(self) -> dict[str, Any] | None:
        """Return the payload of a `limit` event for the first limit that is reached; None if there is none."""
        for name, unit, bound, used in self.checks():
            self.shares[name] = max(used / bound, self.shares.get(name, 0.0))
            if used >= bound:
                return {"limit": name, "unit": unit, "value": bound, "seen": round(used, 2)}
        return None

    def checks(self) -> Iterator[Check]:
        now = self.now()
        yield "events", "events", self.limits.events, self.events
        yield "run_bytes", "bytes of stored events", self.limits.run_bytes, self.stored_bytes
        yield "observed_bytes", "bytes of observations", self.limits.observed_bytes, self.observed_bytes
        yield "wall", "seconds", self.limits.wall_s, now - self.began
        if now >= self.measure_at:
            self.measure_at = now + MEASURE_EVERY_S
            yield from self.measured()

    def measured(self) -> list[Check]:
        cpu_s = memory_mib = 0.0
        processes = self.processes()
        for process in processes:
            try:
                with process.oneshot():
                    cpu_s += sum(process.cpu_times()[:4])
                    memory_mib += self.memory_of(process) / MIB
            except psutil.Error:
                continue
        return [
            ("cpu", "CPU seconds", self.limits.cpu_s, cpu_s),
            ("memory", "MiB of memory", self.limits.memory_mib, memory_mib),
            ("processes", "processes", self.limits.processes, len(processes)),
            ("folder", "MiB in its folder", self.limits.folder_mib, self.folder_mib()),
        ]

    def memory_of(self, process: psutil.Process) -> int:
        """Return the bytes of unshared memory of `process`.

        The kernel takes half a millisecond to count them, so they are counted again only if the process has run.
        """
        state = *process.cpu_times()[:2], process.memory_info().rss
        if self.memory.get(process, ())[1:] != state:
            self.memory[process] = (process.memory_full_info().uss, *state)
        return self.memory[process][0]

    def folder_mib(self) -> float:
        return used_bytes(self.folder, self.limits.folder_mib * MIB) / MIB

    def processes(self) -> list[psutil.Process]:
        """Return the processes of the lab, and add them to `known`; none if the supervisor has ended."""
        try:
            supervisor = psutil.Process(self.supervisor)
            processes = [supervisor, *descendants(supervisor)]
        except psutil.Error:
            return []
        self.known.update(processes)
        return processes

    def kill_known(self) -> None:
        """Kill the lab's remaining processes after the supervisor's death, including those that left its session."""
        # `is_running` is false if another process has its pid.
        kill_all(lambda: {each for each in self.known if each.is_running() and is_alive(each)})
