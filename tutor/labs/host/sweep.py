"""Folders of hosts: locked while their host lives, swept when it is dead."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket

import psutil

from tutor.protocol import wire
from tutor.protocol.limits import END_S

DRAIN_S = 0.01
LOCK = "lock"
BOOT = Path("/proc/sys/kernel/random/boot_id")
SESSION = "session"
"""In a lab's folder: its session's id and when the process of that number started, as `started` tells it."""


def lock(folder: Path) -> int:
    """Make `folder` and lock it for this process's life; returns the descriptor that holds the lock."""
    unseen = folder.with_name(f".{folder.name}")  # Named once it is locked, or a sweep could take it for a dead one's.
    unseen.mkdir(parents=True, mode=0o700)
    descriptor = os.open(unseen / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unseen.rename(folder)
    return descriptor


def is_alive(root: Path, name: str) -> bool:
    """Whether the host with the folder `name` below `root` lives."""
    if not name:
        return False
    try:
        descriptor = os.open(Path(root) / name / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def sweep(root: Path) -> int:
    """Remove what dead hosts left below `root`: processes, then folders. Returns how many dead hosts there were."""
    named = [folder for folder in Path(root).glob("*/") if not folder.name.startswith(".")]
    dead = [folder for folder in named if not is_alive(root, folder.name)]
    for folder in dead:
        for session in folder.glob(f"*/{SESSION}"):
            end_session(session)
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def note_session(folder: Path, leader: int) -> None:
    """Write down which session runs in a lab's `folder`."""
    if began := started(leader):
        (folder / SESSION).write_text(f"{leader} {began}")


def started(pid: int) -> str:
    """When the process `pid` started: which time the machine ran, and the clock ticks since then. Empty if it is gone.

    The time of day would not do: it is set anew while processes run.
    """
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]  # See proc(5).
    except OSError:
        return ""
    return f"{BOOT.read_text().strip()}:{ticks}"


def end_session(session: Path) -> None:
    """Kill the session that is noted in the file `session`, unless its number is another one's by now."""
    try:
        leader, began = session.read_text().split()
        number = int(leader)
    except (OSError, ValueError):
        return  # It was being written when its host died.
    if number <= 1 or not began.startswith(BOOT.read_text().strip()):
        return
    # If the leader is gone, others of its session may live on; while they do, its number is nobody else's.
    if started(number) in ("", began):
        kill_session(number)


def end_lab(lifeline: socket, supervisor: int, drain: Callable[[], None]) -> bool:
    """Have the supervisor at the other end of `lifeline` end its lab; whether it said that nothing is left of it.

    If it is gone itself, or does not, its session is ended without it. `drain` takes what is still sent meanwhile.
    """
    try:
        wire.send(lifeline, {"do": "end"})
    except OSError:
        pass
    until = time.monotonic() + END_S
    while (left := until - time.monotonic()) > 0:
        drain()  # Or a process that waits for room would not get any.
        if wire.readable([lifeline.fileno()], min(left, DRAIN_S)):
            said = wire.receive(lifeline)
            if said is None:
                break
            if said[0].get("ended"):
                return True
    kill_session(supervisor)
    return False


def kill_session(leader: int) -> None:
    """Kill every process of the session `leader`, and look again until there is none: one may have forked meanwhile.

    Those of another user are let be, as they can't be this process's labs.
    """
    foreign: set[psutil.Process] = set()
    while members := {process for process in psutil.process_iter() if is_of_session(process, leader)} - foreign:
        for process in members:
            try:
                process.kill()
            except psutil.AccessDenied:
                foreign.add(process)
            except psutil.NoSuchProcess:
                continue


def is_of_session(process: psutil.Process, leader: int) -> bool:
    """Whether `process` lives, in the session `leader`; a dead one may wait for its parent for long."""
    try:
        return os.getsid(process.pid) == leader and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except (OSError, psutil.Error):
        return False
