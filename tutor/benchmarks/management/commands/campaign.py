"""Keep a promise of labs some hundred times under load, and count."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from statistics import median
from typing import Any

from django.core.management import BaseCommand

from tutor.benchmarks.campaigns import CAMPAIGNS, carry_out
from tutor.benchmarks.figures import p95


class Command(BaseCommand):
    help = "Do many runs with every core busy, and say how many were as they must be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(CAMPAIGNS)}; all if none is given")
        parser.add_argument("--runs", type=int, default=200, help="how many runs of each (200)")

    def handle(self, *args: Any, names: list[str], runs: int, **options: Any) -> None:
        if unknown := set(names) - set(CAMPAIGNS):
            self.stderr.write(f"There is no campaign {', '.join(unknown)}; there are {', '.join(CAMPAIGNS)}.")
            sys.exit(2)
        deviated = False
        for name in names or CAMPAIGNS:
            deviations, waited = carry_out(name, runs)
            deviated |= bool(deviations)
            self.stdout.write(f"{name}: {runs - len(deviations)} of {runs}: {CAMPAIGNS[name][0]}")
            if waited:
                self.stdout.write(f"  gates waited {median(waited):.0f} ms (median), {p95(waited):.0f} ms (p95)")
            for deviation, times in Counter(deviations).most_common(5):
                self.stdout.write(f"  {times} ×: {deviation}")
        sys.exit(deviated)
