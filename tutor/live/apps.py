from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "tutor.live"
    verbose_name = "Live"

    def ready(self) -> None:
        from tutor.runs.signals import run_changed

        from .fan_out import announce

        run_changed.connect(announce)
