"""Kill, cut off and empty the parts of a deployment under load, and count what has come of what was acknowledged."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from tutor.benchmarks.chaos.play import chaos
from tutor.benchmarks.interrupt import interruptible


class Command(BaseCommand):
    help = "Disturb a deployment on many machines while it is in use; exit 1 if it loses what it has acknowledged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=float, default=10, help="how long something is done to it (10)")

    def handle(self, *args: Any, minutes: float, **options: Any) -> None:
        with interruptible():
            found = chaos(minutes, self.tell)
        for what, number in found.counts.items():
            self.tell(f"{number} {what}")
        for each in found.deviations:
            self.tell(f"DEVIATES: {each}")
        sys.exit(bool(found.deviations))

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
