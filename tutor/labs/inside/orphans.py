"""Descendants of a process, whatever they have done to get away: adopted when they are orphaned, and ended together."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Collection, Iterable

import psutil

from .descendants import descendants

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""From linux/prctl.h: the signal that this process gets when its parent ends; that orphaned descendants become its
children, and not init's."""


def adopt() -> None:
    """Have the orphans among this process's descendants become its children, also those in sessions of their own."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent(is_wanted: bool) -> None:
    """Whether this process, but none that it forks, is to be killed when its parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL if is_wanted else 0, 0, 0, 0)


def end_all(spared: Collection[int] = ()) -> None:
    """Kill every descendant, reap it, and look again until there is none; but for the children `spared` (pids).

    They are halted first, as those that fork without end would otherwise outrun it.
    """
    me = psutil.Process()
    halted: set[psutil.Process] = set()
    while new := descendants(me, spared) - halted:
        send(signal.SIGSTOP, new)
        halted |= new
    while ended := descendants(me, spared):
        send(signal.SIGKILL, ended)
        for each in ended:
            try:
                os.waitpid(each.pid, 0)
            except ChildProcessError:
                continue  # Another one's child; if that is dead, it will be ours.


def send(number: signal.Signals, processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
