"""Labs that end early, and what must not be left of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psutil

from tests.labs.observed import in_order, lives, new_name, of, soon
from tutor.labs.host.lab_host import Lab, LabHost
from tutor.protocol.lab_spec import LabSpec
from tutor.protocol.observation import Observation

SLEEP = """
from django_q.tasks import async_task
async_task('time.sleep', 0.5)
"""
SLEEP_LONG = """
from django_q.tasks import async_task
async_task('time.sleep', 20)
"""
PATIENT = {"workers": 1, "timeout": 25, "retry": 28}


def run_in(host: LabHost, spec: LabSpec) -> list[Observation]:
    with host.open(spec, new_name()) as opened:
        return in_order(each for batch in opened for each in batch)


def run_and(
    host: LabHost, spec: LabSpec, kind: str, do: Callable[[Observation, Lab, list[Observation]], None]
) -> list[Observation]:
    """Run a lab, call `do` at the first observation of `kind`, and see that nothing is left of it afterwards."""
    seen: list[Observation] = []
    done = False
    with host.open(spec, new_name()) as opened:
        for batch in opened:
            seen += batch
            if not done and (now := of(seen, kind)):
                done = True
                do(now[0], opened, seen)
    assert done
    nothing_is_left(opened, seen)
    return in_order(seen)


def nothing_is_left(opened: Lab, seen: list[Observation]) -> None:
    pids = {each.pid for each in seen} - {os.getpid()}
    assert soon(lambda: not members(opened.supervisor)), members(opened.supervisor)
    assert soon(lambda: not any(map(lives, pids)))
    assert not opened.folder.exists()


def members(session: int) -> list[psutil.Process]:
    """The processes that live in a session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):
            continue
    return found


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
