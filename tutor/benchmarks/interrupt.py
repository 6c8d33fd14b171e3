"""Interruption: on Ctrl-C or SIGTERM, a command stops what it has started."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""The exit code of a command that was interrupted, as shells have it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """On Ctrl-C and on SIGTERM alike, leave the block by an exception and then exit with `INTERRUPTED`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        signal.signal(signal.SIGTERM, previous)
