"""Forking children, and finding, adopting and killing the descendants of a process."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""From linux/prctl.h: the signal on the parent's end, and whether a process adopts its orphaned descendants."""
KILL_S = 2.0
"""Maximum seconds that `kill_all` takes."""
KERNEL_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()
"""Whether the kernel was built with CONFIG_PROC_CHILDREN. Otherwise psutil is used, which reads every process of the
machine and took a quarter of a lab's time."""


def fork(main: Callable[[], object]) -> int:
    """Run `main` in a forked child; return the child's pid.

    The child exits with 0, with the integer of a SystemExit, or, after any other exception, with 1.
    """
    if pid := os.fork():
        return pid
    status = 1
    try:
        main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(status)


def adopt_orphans() -> None:
    """Make this process, instead of init, the parent of its orphaned descendants, including those in other sessions."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process, but not its forks, when its parent, the pid `parent`, ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # The parent ended before that call.
        os._exit(1)


def outlive_parent() -> None:
    """Undo `end_with_parent`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)


def descendants(ancestor: psutil.Process, spared: Collection[int] = ()) -> set[psutil.Process]:
    """Return the descendants of `ancestor`, except the pids `spared` and their descendants.

    A process that is forked during the call can be missing; see `children` in proc(5). To kill all, call it again.
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
    """Kill and reap all descendants of this process, except the pids `spared` and their descendants.

    Stop all of them first, because processes that keep forking could otherwise be faster.
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


def kill_all(find: Callable[[], set[psutil.Process]]) -> None:
    """Kill the processes that `find` returns, with their process groups, until it returns none.

    They needn't be descendants of this process, but must not be in its own group. A process that keeps forking and
    exiting is caught by its group, as the kernel signals that as a whole. All are stopped first, as in
    `end_descendants`. Processes of other users are skipped, and after `KILL_S` the rest is given up.
    """
    until = time.monotonic() + KILL_S
    halted: set[psutil.Process] = set()
    while (new := find() - halted) and time.monotonic() < until:
        signal_groups(signal.SIGSTOP, new)
        halted |= new
    denied: set[psutil.Process] = set()
    left = halted
    while left and time.monotonic() < until:
        denied |= signal_groups(signal.SIGKILL, left)
        left = find() - denied


def signal_groups(number: signal.Signals, processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    """Send the signal to `processes` and to all others of their groups; return those of other users."""
    groups = set()
    for process in processes:
        with suppress(OSError, psutil.Error):
            if process.is_running():  # False if another process has its pid.
                groups.add(os.getpgid(process.pid))
    for group in groups:
        with suppress(OSError):
            os.killpg(group, number)
    return send_signal(number, processes)


def send_signal(number: signal.Signals, processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    """Send the signal to those of `processes` that are running; return those of other users."""
    denied = set()
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:
            denied.add(process)
    return denied


def is_alive(process: psutil.Process) -> bool:
    """Return whether `process` is running or stopped. A zombie isn't: it can't be killed."""
    try:
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.Error:
        return False
