"""Being told to stop: Ctrl-C and SIGTERM let a command end what it started."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPPED = 130
"""The exit code of a command that was stopped, as shells have it."""


@contextmanager
def stoppable() -> Iterator[None]:
    """End with `STOPPED` on Ctrl-C and on SIGTERM alike, after all that was started has been ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    finally:
        signal.signal(signal.SIGTERM, before)
