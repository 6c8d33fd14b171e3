"""Folders of hosts: locked while their host runs, swept when it has ended. Sessions of labs: recorded and ended."""

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

DRAIN_EVERY_S = 0.01
"""Seconds between two looks at what a lab still sends while it ends."""
LOCK = "lock"
"""In a host's folder: the file that the host holds locked."""
SESSION = "session"
"""In a lab's folder: the id of its session, and the `start_time` of the session's leader."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Another one each time that the machine starts."""
START_TIME = 19
"""Index of `starttime` among the fields of /proc/pid/stat that follow the name; see proc(5)."""


def lock_folder(folder: Path) -> int:
    """Make `folder` and lock it for as long as this process runs; return the descriptor that holds the lock."""
    unnamed = folder.with_name(f".{folder.name}")  # Renamed once it is locked, as a sweep removes what isn't.
    unnamed.mkdir(parents=True, mode=0o700)
    descriptor = os.open(unnamed / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unnamed.rename(folder)
    return descriptor


def is_alive(root: Path, name: str) -> bool:
    """Return whether the host with the folder `name` below `root` is running."""
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
    """Remove what dead hosts left below `root`, processes first, then folders; return the number of these hosts."""
    named = [folder for folder in Path(root).glob("*/") if not folder.name.startswith(".")]
    dead = [folder for folder in named if not is_alive(root, folder.name)]
    for folder in dead:
        for session in folder.glob(f"*/{SESSION}"):
            end_recorded_session(session)
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def record_session(folder: Path, leader: int) -> None:
    """Write into a lab's `folder` which session it has."""
    if began := start_time(leader):
        (folder / SESSION).write_text(f"{leader} {began}")


def start_time(pid: int) -> str:
    """Return when the process `pid` started: the boot id, and the clock ticks since the boot. Empty if it is gone.

    Not the time of day, which can be set while processes run.
    """
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[START_TIME]
    except OSError:
        return ""
    return f"{BOOT_ID.read_text().strip()}:{ticks}"


def end_recorded_session(session: Path) -> None:
    """Kill the session that is recorded in the file `session`, unless its id belongs to another one by now."""
    try:
        leader, began = session.read_text().split()
        number = int(leader)
    except (OSError, ValueError):
        return  # Its host ended while it wrote it.
    if number <= 1 or not began.startswith(BOOT_ID.read_text().strip()):
        return
    # If the leader is gone, others of its session may still run; while they do, no other session gets its id.
    if start_time(number) in ("", began):
        kill_session(number)


def end_lab(lifeline: socket, supervisor: int, drain: Callable[[], None]) -> bool:
    """Have the supervisor at the other end of `lifeline` end its lab; return whether it confirms that all has ended.

    If it is gone, or takes longer than `END_S`, kill its session. `drain` takes what the lab sends meanwhile.
    """
    try:
        wire.send(lifeline, {"do": "end"})
    except OSError:
        pass  # It is gone, as the next message says.
    until = time.monotonic() + END_S
    while (left := until - time.monotonic()) > 0:
        drain()  # A process that waits for room in its socket would not get any.
        if wire.readable([lifeline.fileno()], min(left, DRAIN_EVERY_S)):
            message = wire.receive(lifeline)
            if message is None:
                break
            if message[0].get("ended"):
                return True
    kill_session(supervisor)
    return False


def kill_session(leader: int) -> None:
    """Kill every process of the session `leader`, until there is none left: one may have forked meanwhile.

    Processes of other users are spared; they can't belong to a lab of this process.
    """
    foreign: set[psutil.Process] = set()
    while members := {process for process in psutil.process_iter() if is_in_session(process, leader)} - foreign:
        for process in members:
            try:
                process.kill()
            except psutil.AccessDenied:
                foreign.add(process)
            except psutil.NoSuchProcess:
                continue


def is_in_session(process: psutil.Process, leader: int) -> bool:
    """Return whether `process` runs and is in the session `leader`. A zombie may wait long for its parent."""
    try:
        return os.getsid(process.pid) == leader and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except (OSError, psutil.Error):
        return False
