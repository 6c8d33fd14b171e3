"""Signals that this package sends."""

from __future__ import annotations

from django.dispatch import Signal

run_changed = Signal()
"""Sent with `run` when a run has new events, another place in the run queue, or has ended; from any thread.

It doesn't contain the changes; receivers read them from the database.
"""
