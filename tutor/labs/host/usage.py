"""What a lab uses, measured from outside, against its limits."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import psutil

from tutor.labs.inside.processes import descendants
from tutor.protocol.limits import MEASURE_EVERY_S, MIB, Limits
from tutor.protocol.observation import Observation


class Usage:
    """The use of one lab. What it sent is counted as it comes, the rest is looked up every `MEASURE_EVERY_S`."""

    def __init__(self, limits: Limits, supervisor: int, folder: Path) -> None:
        self.limits, self.supervisor, self.folder = limits, supervisor, folder
        self.began = time.monotonic()
        self.next = self.began + MEASURE_EVERY_S
        self.events = self.bytes = 0
        self.known: set[psutil.Process] = set()
        """All processes of the lab that were ever measured."""

    def count(self, seen: Observation) -> None:
        self.events += 1
        self.bytes += len(json.dumps(seen.payload, default=str))

    def due_in(self) -> float:
        """Seconds until it is time to measure."""
        return min(self.next, self.began + self.limits.wall_s) - time.monotonic()

    def met(self) -> dict[str, Any] | None:
        """The first limit that is met, as the event `limit` tells of it."""
        now = time.monotonic()
        checks = [
            ("events", "events", self.limits.events, self.events),
            ("run_bytes", "bytes", self.limits.run_bytes, self.bytes),
            ("wall", "seconds", self.limits.wall_s, now - self.began),
        ]
        if now >= self.next:
            self.next = now + MEASURE_EVERY_S
            checks += self.measured()
        for name, unit, bound, seen in checks:
            if seen >= bound:
                return {"limit": name, "unit": unit, "value": bound, "seen": round(seen, 2)}
        return None

    def measured(self) -> list[tuple[str, str, float, float]]:
        cpu = memory = 0.0
        processes = self.processes()
        for process in processes:
            try:
                with process.oneshot():
                    cpu += sum(process.cpu_times()[:4])
                    memory += process.memory_full_info().uss / MIB
            except psutil.Error:
                continue
        return [
            ("cpu", "CPU seconds", self.limits.cpu_s, cpu),
            ("memory", "MiB of memory", self.limits.memory_mib, memory),
            ("processes", "processes", self.limits.processes, len(processes)),
            ("folder", "MiB in its folder", self.limits.folder_mib, folder_bytes(self.folder) / MIB),
        ]

    def processes(self) -> list[psutil.Process]:
        try:
            supervisor = psutil.Process(self.supervisor)
            processes = [supervisor, *descendants(supervisor)]
        except psutil.Error:
            return []
        self.known.update(processes)
        return processes

    def kill_known(self) -> None:
        """Kill what is left of the lab: after the supervisor's death, also what had left its session."""
        for process in self.known:
            try:
                if process.is_running():  # And not another one with the same pid.
                    process.kill()
            except psutil.Error:
                continue


def folder_bytes(folder: Path) -> int:
    """Bytes of the files below `folder`, as the disk holds them."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.lstat().st_blocks * 512
        except OSError:
            continue
    return total
