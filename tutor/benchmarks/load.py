"""Load: threads that wait for labs, and processes that keep every core busy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(10000))"
"""Keeps a core busy, and ends with its parent."""


@contextmanager
def threads(number: int) -> Iterator[ThreadPoolExecutor]:
    """Yield a pool of `number` threads. If the block ends early (Ctrl-C), calls that haven't begun are cancelled."""
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy during the block."""
    spinners = [subprocess.Popen([sys.executable, "-c", SPIN]) for _ in range(os.cpu_count() or 2)]
    try:
        yield
    finally:
        for each in spinners:
            each.kill()
            each.wait()
