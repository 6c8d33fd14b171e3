"""Lock the store, stop and kill processes that execute runs, and report what happens to the runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from tutor.benchmarks.interrupt import interruptible
from tutor.benchmarks.leases import SCENARIOS, Result, new_store

ALL = "all"


class Command(BaseCommand):
    help = "Lock the store, stop and kill the processes of runs; exit 1 if a run doesn't end as promised. Minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [*SCENARIOS, ALL]
        parser.add_argument("name", nargs="?", choices=names, default=ALL, metavar="NAME", help=", ".join(names))
        parser.add_argument("--seconds", type=float, default=60, help="how long something is locked or stopped (60)")
        parser.add_argument("--lease", type=float, default=10, help="seconds of a lease (10)")

    def handle(self, *args: Any, name: str, seconds: float, lease: float, **options: Any) -> None:
        deviated = False
        with interruptible():
            for each in SCENARIOS if name == ALL else [name]:
                promise, play = SCENARIOS[each]
                self.stdout.write(f"{each}: {promise}")
                with new_store() as store:
                    for result in play(store, lease, seconds):
                        deviated |= bool(result.deviation)
                        self.stdout.write(f"  {as_text(result)}")
        sys.exit(deviated)


def as_text(result: Result) -> str:
    if result.deviation:
        return f"DEVIATES: {result.deviation}"
    reason = f" ({result.reason})" if result.reason else ""
    return f"{result.events} events, {result.outcome}{reason}, stored {result.after_s:.1f} s afterwards"
