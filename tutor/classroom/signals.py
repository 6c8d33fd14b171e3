"""The signal that a room has changed."""

from __future__ import annotations

from django.dispatch import Signal

room_changed = Signal()
"""Sent with `room` when what a class sees has changed, or what its members sent. It may come from any thread."""
