"""Delete the runs that are kept no longer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tutor.runs.library import KEPT, tidy


class Command(BaseCommand):
    help = f"Delete the runs that are older than {KEPT.days} days and not pinned. A site that runs does it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Deleted {tidy()} runs. Pinned runs and the site's own are kept.")
