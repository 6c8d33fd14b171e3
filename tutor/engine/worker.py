"""In a worker of a lab host: the task that a ticket is. `workers` has set `door` and `folder` before it was forked."""

from __future__ import annotations

import logging
from functools import cache, partial
from pathlib import Path
from socket import socket

from tutor.labs.host.lab_host import LabOpener
from tutor.live.fan_out import wake_others
from tutor.runs.event_store import LeaseLost, patiently
from tutor.runs.execution import execute
from tutor.runs.models import Run
from tutor.runs.versions import lesson_of

from .worker_link import WorkerLink

logger = logging.getLogger(__name__)

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
    """Take the run whose turn it is, and execute it. Do nothing if none waits: another ticket was used for it."""
    key = link().turn()
    if key is None:
        return
    try:
        carry_out(patiently(partial(Run.objects.get, pk=key)))
    finally:
        link().over()


def carry_out(run: Run) -> None:
    """Execute `run`. If the site raises an error, the lab host ends the run."""
    try:
        execute(run, patiently(partial(lesson_of, run)), LabOpener(folder, link()), opened=link().opened)
    except LeaseLost as error:
        logger.warning("The lab was ended, as its events are refused: %s", error, extra={"run": run.public_id})
    except Exception:
        logger.exception("Error while executing run %s", run.public_id, extra={"run": run.public_id})
