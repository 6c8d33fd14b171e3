"""Test a promise of labs hundreds of times under load, and count the runs that keep it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from statistics import median
from typing import Any

from django.core.management import BaseCommand

from tutor.benchmarks.campaigns import CAMPAIGNS, CampaignRun, carry_out
from tutor.benchmarks.figures import p95
from tutor.benchmarks.interrupt import interruptible

ALL = "all"
REPORT_EVERY = 50


class Command(BaseCommand):
    help = "Make many runs with every core busy, and count those that keep a promise; exit 1 if any doesn't."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [*CAMPAIGNS, ALL]
        parser.add_argument("name", nargs="?", choices=names, default=ALL, metavar="NAME", help=", ".join(names))
        parser.add_argument("--runs", type=int, default=200, help="how many runs of each (200)")

    def handle(self, *args: Any, name: str, runs: int, **options: Any) -> None:
        deviated = False
        with interruptible():
            for each in CAMPAIGNS if name == ALL else [name]:
                outcomes = []
                for outcome in carry_out(CAMPAIGNS[each], max(1, runs)):
                    outcomes.append(outcome)
                    if len(outcomes) % REPORT_EVERY == 0:
                        self.stderr.write(f"{each}: {len(outcomes)} of {runs} done…")
                deviated |= self.report(each, outcomes)
        sys.exit(deviated)

    def report(self, name: str, outcomes: list[CampaignRun]) -> bool:
        """Print the counts of a campaign; return whether any run deviated."""
        deviations = Counter(outcome.deviation for outcome in outcomes if outcome.deviation)
        waits = [each for outcome in outcomes for each in outcome.gates_ms]
        kept = len(outcomes) - deviations.total()
        self.stdout.write(f"{name}: {kept} of {len(outcomes)}: {CAMPAIGNS[name].promise}")
        if waits:
            low, high, most = median(waits), p95(waits), max(waits)
            self.stdout.write(f"  {len(waits)} gates, {low:.0f} ms (median), {high:.0f} ms (p95), {most:.0f} ms (most)")
        for deviation, times in deviations.most_common(5):
            self.stdout.write(f"  {times} ×: {deviation}")
        return bool(deviations)
