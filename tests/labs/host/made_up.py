"""Made-up observations and a made-up clock, for tests that need no lab."""

from __future__ import annotations

from typing import Any

from tests.observations import CALLER, MONITOR, PIDS, PUSHER, SENTINEL, WORKER
from tutor.protocol.observation import Observation

FUNC = "math.fmod"
OTHER_WORKER = 173


class Clock:
    """Seconds, which pass only when they are told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


def observation(kind: str, pid: int, **payload: Any) -> Observation:
    """An observation of the process `pid`, in the lane that `tests.observations` gives it."""
    lane = {number: lane for lane, number in PIDS.items()}.get(pid, "worker")
    return Observation(1, pid, lane, 0, kind, payload)


def about(kind: str, pid: int, task: str, **payload: Any) -> Observation:
    """An observation about `task`; its function is math.fmod and its queue row is number 1, unless given."""
    return observation(kind, pid, **{"task": task, "func": FUNC, "ack": 1, "delivery": 1, **payload})


def queued(task: str = "a", pid: int = CALLER, **payload: Any) -> Observation:
    return about("queued", pid, task, **payload)


def picked(task: str = "a", **payload: Any) -> Observation:
    return about("picked", PUSHER, task, **payload)


def started(task: str = "a", pid: int = WORKER, **payload: Any) -> Observation:
    return about("started", pid, task, **payload)


def not_started(task: str = "a", pid: int = WORKER, **payload: Any) -> Observation:
    return about("not_started", pid, task, reason="no such function", **payload)


def finished(task: str = "a", pid: int = WORKER, **payload: Any) -> Observation:
    return about("finished", pid, task, **payload)


def stored(task: str = "a", success: bool = True) -> Observation:
    return observation("stored", MONITOR, task=task, success=success)


def acknowledged(ack: int = 1) -> Observation:
    return observation("acknowledged", MONITOR, task="a", ack=ack)


def program_ended(error: str | None = None) -> Observation:
    return observation("program_ended", CALLER, error=error)


def died(role: str, signal: str | None = "SIGKILL", exitcode: int | None = None) -> Observation:
    return observation("died", SENTINEL, process=role, died_pid=PIDS[role], signal=signal, exitcode=exitcode)
