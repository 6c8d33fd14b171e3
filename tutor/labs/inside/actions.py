"""Functions that carry out the actions of `tutor.protocol.actions.ACTIONS`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping

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


IN_THE_TASK: Mapping[str, Callable[[float], None]] = {"kill": kill, "raise": raise_error, "slow": be_slow}
"""Name → function that the worker calls inside the task's function, with the intervention's seconds."""


def stop(cluster: int) -> None:
    os.kill(cluster, signal.SIGTERM)


def stop_group(cluster: int) -> None:
    os.killpg(cluster, signal.SIGTERM)


def ask_scheduler(cluster: int) -> None:
    """Signal the cluster's main process, which signals its sentinel; see `sentinel.StopEvent`."""
    os.kill(cluster, signal.SIGUSR1)


TO_THE_CLUSTER: Mapping[str, Callable[[int], None]] = {
    "stop": stop,
    "stop-group": stop_group,
    "half-minute": ask_scheduler,
}
"""Name → function that the supervisor calls, with the pid of the cluster's main process."""
