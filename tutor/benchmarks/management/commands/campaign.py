"""Test a promise hundreds of times under load, or with something broken, and count the tries that keep it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from django.core.management import BaseCommand

from tutor.benchmarks.campaigns import CAMPAIGNS, Trial
from tutor.benchmarks.figures import p95
from tutor.benchmarks.interrupt import interruptible

ALL = "all"
REPORT_EVERY = 50
SHOWN = 5
"""The number of different deviations that are printed."""


class Command(BaseCommand):
    help = "Test promises many times, and count the tries that keep them; exit 1 if any doesn't."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [*CAMPAIGNS, ALL]
        parser.add_argument("name", nargs="?", choices=names, default=ALL, metavar="NAME", help=", ".join(names))
        parser.add_argument("--runs", type=int, help="how many tries of each; by default as many as --list says")
        parser.add_argument("--list", action="store_true", help="name the campaigns, their promises and their tries")

    def handle(self, *args: Any, name: str, runs: int | None, list: bool, **options: Any) -> None:
        if list:
            for each, campaign in CAMPAIGNS.items():
                self.stdout.write(f"{each:10} {campaign.tries:>6}  {campaign.promise}")
            return
        deviated = False
        with interruptible():
            for each in CAMPAIGNS if name == ALL else [name]:
                deviated |= self.report(each, self.trials(each, max(1, runs or CAMPAIGNS[each].tries)))
        sys.exit(deviated)

    def trials(self, name: str, tries: int) -> Sequence[Trial]:
        """Carry out a campaign, and report its progress on stderr."""
        trials = []
        for trial in CAMPAIGNS[name].carry_out(tries):
            trials.append(trial)
            if len(trials) % REPORT_EVERY == 0:
                self.stderr.write(f"{name}: {len(trials)} of {tries} done…")
        return trials

    def report(self, name: str, trials: Sequence[Trial]) -> bool:
        """Print the counts of a campaign; return whether any try deviated, lost an event or left something."""
        deviations = Counter(trial.deviation for trial in trials if trial.deviation)
        lost, left = sum(trial.lost for trial in trials), sum(trial.left for trial in trials)
        kept = len(trials) - deviations.total()
        slowest = max(trial.seconds for trial in trials)
        self.stdout.write(f"{name}: {kept} of {len(trials)}: {CAMPAIGNS[name].promise}")
        self.stdout.write(f"  {lost} lost, {left} left, slowest {slowest:.1f} s")
        if waits := [each for trial in trials for each in trial.gates_ms]:
            low, high, most = median(waits), p95(waits), max(waits)
            self.stdout.write(f"  {len(waits)} gates, {low:.0f} ms (median), {high:.0f} ms (p95), {most:.0f} ms (most)")
        for deviation, times in deviations.most_common(SHOWN):
            self.stdout.write(f"  {times} ×: {deviation}")
        return bool(deviations or lost or left)
