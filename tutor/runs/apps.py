from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "tutor.runs"
    verbose_name = "Runs"
