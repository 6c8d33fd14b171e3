"""Assignments: the pages of their teachers are woken when something has changed."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "tutor.assignments"
    verbose_name = "Assignments"

    def ready(self) -> None:
        from .signals import assignment_changed

        assignment_changed.connect(announce)


def announce(group: str, **signal: Any) -> None:
    """Wake the watches of an assignment. Thread-safe."""
    from tutor.live.fan_out import wake

    wake(group)
