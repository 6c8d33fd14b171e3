"""The turn to write to the store, among the threads of this process."""

from __future__ import annotations

import threading

writing = threading.Lock()
"""Held while something that many send at once is stored. SQLite has one writer at a time, for which others look again
only now and then; this lock hands over the turn at once."""
