"""Execute runs of a site whose web processes execute none."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from tutor.labs.host.lab_host import UnsupportedPlatform
from tutor.runs.event_store import patiently
from tutor.runs.own_host import PENDING, migrations_are_pending


class Command(BaseCommand):
    help = "Execute runs, up to TUTOR_MAX_LABS at once, until Ctrl-C or SIGTERM; then finish those that have begun."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TUTOR_ROLE != "labs":
            raise CommandError("Set TUTOR_ROLE=labs, DATABASE_URL and TUTOR_REDIS_URL; see docs/deploying.md.")
        from tutor.engine.lab_host import serve  # It needs the app of django-q2, which only some roles have.

        if patiently(migrations_are_pending):
            raise CommandError(PENDING)
        stopped = threading.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: stopped.set())
        self.stdout.write(f"This lab host executes up to {settings.TUTOR_MAX_LABS} runs at once. Quit with Ctrl-C.")
        self.stdout.flush()
        try:
            serve(stopped)
        except UnsupportedPlatform as error:
            raise CommandError(str(error)) from error
