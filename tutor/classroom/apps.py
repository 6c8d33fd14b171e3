"""Rooms: their websockets are woken when a command has changed something."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class ClassroomConfig(AppConfig):
    name = "tutor.classroom"
    verbose_name = "Classroom"

    def ready(self) -> None:
        from .signals import room_changed

        room_changed.connect(announce)


def announce(room: Any, **signal: Any) -> None:
    """Wake the watches of a room. Thread-safe."""
    from tutor.live.fan_out import wake

    wake(room.group)
