"""The descendants of a process: found, adopted when they are orphaned, and ended together."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Collection, Iterable
from pathlib import Path

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""From linux/prctl.h: the signal that a process gets when its parent ends; whether it adopts orphaned descendants."""
KERNEL_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()
"""Whether the kernel was built with CONFIG_PROC_CHILDREN. psutil looks at every process of the machine instead, which
took a quarter of a lab's time."""


def adopt_orphans() -> None:
    """Make this process, and not init, the parent of its orphaned descendants, also of those in other sessions."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process, but not its own forks, when its parent (the pid `parent`) ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # It ended before that.
        os._exit(1)


def outlive_parent() -> None:
    """Undo `end_with_parent`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)


def descendants(ancestor: psutil.Process, spared: Collection[int] = ()) -> set[psutil.Process]:
    """Return the children of `ancestor`, their children, and so on, without the pids `spared` and what they started.

    A process that is forked at this moment can be missing; see `children` in proc(5). To end all, look again.
    """
    found: set[psutil.Process] = set()
    parents = [ancestor.pid]
    while parents:
        for pid in children(parents.pop()):
            if pid in spared:
                continue
            try:
                found.add(psutil.Process(pid))
            except psutil.NoSuchProcess:
                continue
            parents.append(pid)
    return found


def children(pid: int) -> list[int]:
    """Return the pids of the children of all threads of the process `pid`; none if it has ended."""
    if not KERNEL_LISTS_CHILDREN:
        try:
            return [child.pid for child in psutil.Process(pid).children()]
        except psutil.NoSuchProcess:
            return []
    found = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    except OSError:
        pass  # The process, or one of its threads, has ended meanwhile.
    return found


def end_descendants(spared: Collection[int] = ()) -> None:
    """Kill and reap all descendants of this process, except the children `spared` (pids) and what they started.

    All are halted first: processes that fork without end would otherwise be faster.
    """
    me = psutil.Process()
    halted: set[psutil.Process] = set()
    while new := descendants(me, spared) - halted:
        send_signal(signal.SIGSTOP, new)
        halted |= new
    while left := descendants(me, spared):
        send_signal(signal.SIGKILL, left)
        for each in left:
            try:
                os.waitpid(each.pid, 0)
            except ChildProcessError:
                continue  # Its parent has been killed too, so it becomes a child of this process.


def send_signal(number: signal.Signals, processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
