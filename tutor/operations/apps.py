from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class OperationsConfig(AppConfig):
    name = "tutor.operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        from tutor.json_log import log_the_rest

        if settings.TUTOR_LOG == "json":
            log_the_rest()
