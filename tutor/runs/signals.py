"""What the package tells others, without knowing who listens."""

from __future__ import annotations

from django.dispatch import Signal

run_changed = Signal()
"""Sent with `run` when a run has new events, another place in the run queue, or has ended; from any thread.

It carries nothing of what is new: a receiver reads the store.
"""
