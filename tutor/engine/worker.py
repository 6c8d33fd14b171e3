"""In a worker of a lab host: the task that a ticket is. `workers` has set `door` and `folder` before it was forked."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from socket import socket

from tutor.labs.host.lab_host import LabOpener
from tutor.live.fan_out import wake_others
from tutor.runs.event_store import patiently
from tutor.runs.execution import execute_as_asked
from tutor.runs.models import Run
from tutor.runs.turns import attempt

from .worker_link import WorkerLink

door: socket | None = None
"""The way to the first process of the lab host."""
folder = Path()
"""The folder of the lab host, which contains those of its labs."""


@cache
def link() -> WorkerLink:
    """Return the link of this worker with its lab host."""
    assert door
    wake_others()
    return WorkerLink(door)


def take_turn() -> None:
    """Take the run whose turn it is, and execute it. Do nothing if none waits: another ticket was used for it.

    If the site raises an error, the lab host ends the run.
    """
    key = link().turn()
    if key is None:
        return
    try:
        run = patiently(partial(Run.objects.get, pk=key))
        attempt(run, lambda: execute_as_asked(run, LabOpener(folder, link()), link().current.opened))
    finally:
        link().over()
