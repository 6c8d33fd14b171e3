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

from . import wire
from .limits import END_S

DRAIN_S = 0.01
LOCK = "lock"
SESSION = "session"
"""In a lab's folder: its session's id and when that process started."""


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
    """Remove what dead hosts left below `root`: processes, then folders. Returns how many hosts it were."""
    named = [folder for folder in Path(root).glob("*/") if not folder.name.startswith(".")]
    dead = [folder for folder in named if not is_alive(root, folder.name)]
    for folder in dead:
        for session in folder.glob(f"*/{SESSION}"):
            end_session(*session.read_text().split())
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def note_session(folder: Path, leader: int) -> None:
    """Write down which session runs in a lab's `folder`."""
    try:
        started = psutil.Process(leader).create_time()
    except psutil.NoSuchProcess:
        return
    (folder / SESSION).write_text(f"{leader} {started}")


def end_session(leader: str, started: str) -> None:
    """Kill the session of `leader`, unless that pid is another process's by now."""
    try:
        if psutil.Process(int(leader)).create_time() != float(started):
            return
    except psutil.NoSuchProcess:
        pass  # Others of the session may live on; while they do, its id is nobody else's.
    kill_session(int(leader))


def end_lab(lifeline: socket, keeper: int, drain: Callable[[], None]) -> bool:
    """Have the keeper at the other end of `lifeline` end its lab; whether it said that nothing is left of it.

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
    kill_session(keeper)
    return False


def kill_session(leader: int) -> None:
    """Kill every process of the session `leader`, and look again until there is none: one may have forked meanwhile."""
    while members := [process for process in psutil.process_iter() if is_of_session(process, leader)]:
        for process in members:
            try:
                process.kill()
            except psutil.Error:
                continue


def is_of_session(process: psutil.Process, leader: int) -> bool:
    """Whether `process` lives, in the session `leader`; a dead one may wait for its parent for long."""
    try:
        return os.getsid(process.pid) == leader and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except (OSError, psutil.Error):
        return False
