"""Cleaning up after hosts and labs: a host locks its folder, and the session of each lab is recorded there."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import psutil

from tutor.labs.inside import folders, processes
from tutor.protocol import wire
from tutor.protocol.limits import END_S

logger = logging.getLogger(__name__)

DRAIN_EVERY_S = 0.01
"""Seconds between two reads of a lab's messages while the lab ends."""
LOCK = "lock"
"""In a host's folder: the file that the host holds locked."""
SESSION = "session"
"""In a lab's folder: the id of its session, and the `start_time` of the session's leader."""
SESSION_BYTES = 200
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""A file with an id that changes each time the machine starts."""
START_TIME = 19
"""Index of `starttime` among the fields of /proc/pid/stat that follow the name; see proc(5)."""


def lock_folder(folder: Path) -> int:
    """Create `folder` and lock it for as long as this process runs; return the descriptor that holds the lock."""
    unnamed = folder.with_name(f".{folder.name}")  # Renamed once it is locked, as a sweep removes unlocked folders.
    unnamed.mkdir(parents=True, mode=0o700)
    descriptor = os.open(unnamed / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    unnamed.rename(folder)
    return descriptor


def folder_id(folder: Path) -> str:
    """Return an id of `folder` that no other folder has, on this or another machine, until the machine is restarted."""
    status = folder.stat()
    return f"{BOOT_ID.read_text().strip()}:{status.st_dev}:{status.st_ino}"


def is_alive(root: Path, name: str) -> bool:
    """Return whether the host with the folder `name` below `root` is running."""
    if not name:
        return False
    try:
        descriptor = os.open(Path(root) / name / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    except PermissionError:
        return True  # It belongs to another user, so this process can neither know nor end it.
    except OSError:
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
    """Kill the processes and remove the folders below `root` whose host has ended; return how many were removed.

    What can't be removed is logged, and the others are removed all the same.
    """
    named = [folder for folder in Path(root).glob("*/") if not folder.name.startswith(".")]
    dead = [folder for folder in named if not is_alive(root, folder.name)]
    return sum(map(sweep_folder, dead))


def sweep_folder(folder: Path) -> bool:
    """Kill the processes of a host that has ended, and remove its `folder`; return whether it is gone."""
    try:
        for session in (*folder.glob(f"*/{SESSION}"), folder / SESSION):
            end_recorded_session(session)
        is_gone = folders.remove(folder)
    except Exception:
        logger.exception("What a host has left in %s can't be removed", folder)
        return False
    if not is_gone:
        logger.warning("Some of what a host has left in %s can't be removed.", folder)
    return is_gone


def record_session(folder: Path, leader: int) -> None:
    """Write the session of a lab into its `folder`."""
    if began := start_time(leader):
        (folder / SESSION).write_text(f"{leader} {began}")


def start_time(pid: int) -> str:
    """Return when the process `pid` started: the boot id, and the clock ticks since the boot. Empty if it has ended.

    The time of day isn't used, because it can be set while processes run.
    """
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[START_TIME]
    except OSError:
        return ""
    return f"{BOOT_ID.read_text().strip()}:{ticks}"


def recorded(session: Path) -> str:
    """Return what is written in the file `session`. It isn't waited for, should it be a pipe. Raises OSError."""
    descriptor = os.open(session, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return os.read(descriptor, SESSION_BYTES).decode(errors="replace")
    finally:
        os.close(descriptor)


def end_recorded_session(session: Path) -> None:
    """Kill the session that is recorded in the file `session`, unless another session has its id by now."""
    try:
        leader, began = recorded(session).split()
        number = int(leader)
    except (OSError, ValueError):
        return  # The host ended while it wrote the file, or a lab has replaced it.
    if number <= 1 or not began.startswith(BOOT_ID.read_text().strip()):
        return
    # If the leader has ended, others of its session may still run. While they do, no other session gets its id.
    if start_time(number) in ("", began):
        kill_session(number)


def end_lab(lifeline: socket, supervisor: int, drain: Callable[[], None]) -> bool:
    """Ask the supervisor at the other end of `lifeline` to end its lab; return whether it confirms the end.

    If it has already ended, or takes longer than `END_S`, kill its session. Meanwhile `drain` is called repeatedly, and
    reads some of the lab's messages each time.
    """
    try:
        wire.send(lifeline, {"do": "end"})
    except OSError:
        pass  # It has ended; `wire.receive` returns None for it below.
    until = time.monotonic() + END_S
    while (left := until - time.monotonic()) > 0:
        drain()  # Otherwise a process that waits for room in its socket would never end.
        if wire.readable([lifeline.fileno()], min(left, DRAIN_EVERY_S)):
            message = wire.receive(lifeline)
            if message is None:
                break
            if message[0].get("ended"):
                return True
    kill_session(supervisor)
    return False


def kill_session(leader: int) -> None:
    """Kill every process of the session `leader`, and the leader's descendants that have left the session.

    Processes of other users are skipped; they can't belong to a lab of this process.
    """
    processes.kill_all(lambda: {each for each in lab_processes(leader) if processes.is_alive(each)})


def lab_processes(leader: int) -> Iterator[psutil.Process]:
    """Yield the processes of the session `leader`, and those below the leader, which adopts what its children leave."""
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) != leader:
                continue
        except OSError:
            continue
        yield process
        if process.pid == leader:
            yield from processes.descendants(process)
