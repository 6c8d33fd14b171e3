"""The signal that an assignment has changed."""

from __future__ import annotations

from django.dispatch import Signal

assignment_changed = Signal()
"""Sent with `group` when a student has sent something, or the teacher has changed something; from any thread."""
