"""Functions that carry out the actions of `tutor.protocol.actions.ACTIONS`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping

from tutor.protocol.lanes import Lane

from .observe import alarms

LOOK_EVERY_S = 0.02


def kill(seconds: float) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def raise_error(seconds: float) -> None:
    raise RuntimeError("Raised on purpose, as this run was asked to")


def be_slow(seconds: float) -> None:
    """Sleep for `seconds`, or until the task's timeout interrupts the task."""
    until = time.monotonic() + seconds
    while not alarms.postponed and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_EVERY_S))


def go_on(seconds: float) -> None:
    """Do nothing: the host has not made the process wait."""


IN_THE_PROCESS: Mapping[str, Callable[[float], None]] = {
    "kill": kill,
    "raise": raise_error,
    "slow": be_slow,
    "skip-gate": go_on,
}
"""Name → function that the process at the event calls, with the intervention's seconds."""


def kill_other(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def stop(cluster: int) -> None:
    os.kill(cluster, signal.SIGTERM)


def stop_group(cluster: int) -> None:
    os.killpg(cluster, signal.SIGTERM)


def ask_scheduler(cluster: int) -> None:
    """Signal the cluster's main process, which signals its sentinel; see `sentinel.StopEvent`."""
    os.kill(cluster, signal.SIGUSR1)


BY_THE_SUPERVISOR: Mapping[str, tuple[Lane, Callable[[int], None]]] = {
    "kill-caller": (Lane.CALLER, kill_other),
    "stop": (Lane.CLUSTER, stop),
    "stop-group": (Lane.CLUSTER, stop_group),
    "half-minute": (Lane.CLUSTER, ask_scheduler),
}
"""Name → the process that it is done to, the caller or a cluster's main process, and a function of its pid."""
