"""Who descends from a process, as Linux itself lists it.

psutil looks at every process of the machine for that; a lab spent a quarter of its time there.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import psutil

LISTED = Path("/proc/thread-self/children").exists()
"""Whether the kernel was built to list children (CONFIG_PROC_CHILDREN)."""


def descendants(ancestor: psutil.Process, spared: Collection[int] = ()) -> set[psutil.Process]:
    """The living children of `ancestor`, but for those `spared` (pids), their children, and so on.

    One that is forked at this moment can be missing (proc(5) of `children`), so whoever ends them looks again.
    """
    found: set[psutil.Process] = set()
    unseen = [ancestor.pid]
    while unseen:
        for pid in children(unseen.pop()):
            if pid in spared:
                continue
            try:
                found.add(psutil.Process(pid))
            except psutil.NoSuchProcess:
                continue
            unseen.append(pid)
    return found


def children(pid: int) -> list[int]:
    """The children of all threads of the process `pid`; none if it is gone."""
    if not LISTED:
        try:
            return [child.pid for child in psutil.Process(pid).children()]
        except psutil.NoSuchProcess:
            return []
    found = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    except OSError:
        pass  # It, or one of its threads, has ended meanwhile.
    return found
