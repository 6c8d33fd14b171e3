"""Measure the product, side by side with what its users would have without it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management import BaseCommand
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tutor.benchmarks.figures import Benchmark, Figure
from tutor.benchmarks.followers import MEMBERS, followers
from tutor.benchmarks.interrupt import interruptible
from tutor.benchmarks.registry import BENCHMARKS, GROUPS, with_groups
from tutor.benchmarks.room import room
from tutor.lessons.errors import unknown

WIDTH = 120


class Command(BaseCommand):
    help = "Print figures of labs and pages, each with its goal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names, groups = ", ".join(BENCHMARKS), ", ".join(GROUPS)
        help = f"{names}; {groups} for those that begin with it; all if none is named"
        parser.add_argument("names", nargs="*", type=known, metavar="NAME", help=help)
        parser.add_argument("--only", nargs="+", type=known, metavar="NAME", default=[], help="the same")
        parser.add_argument("--rounds", type=int, default=20, help="how often each is measured (20)")
        parser.add_argument(
            "--members",
            type=sizes,
            default=MEMBERS,
            help="the sizes of the classes of followers and room (50,200,500,1000)",
        )
        parser.add_argument("--json", action="store_true", help="print a list of figures as JSON")

    def handle(self, *args: Any, names: list[str], only: list[str], rounds: int, **options: Any) -> None:
        benchmarks: dict[str, Benchmark] = {
            **BENCHMARKS,
            "followers": partial(followers, members=options["members"]),
            "room": partial(room, members=options["members"]),
        }
        figures: list[Figure] = []
        with interruptible():
            for name in with_groups([*names, *only]) or BENCHMARKS:
                self.stderr.write(f"measuring {name}…")
                figures += benchmarks[name](max(1, rounds))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(figure) for figure in figures], indent=2, ensure_ascii=False))
        else:
            Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH).print(as_table(figures))


def known(name: str) -> str:
    """Return `name` if it is that of a benchmark, or of a group. Raise ArgumentTypeError otherwise."""
    if name not in BENCHMARKS and name not in GROUPS:
        raise ArgumentTypeError(unknown("benchmark", name, [*BENCHMARKS, *GROUPS]))
    return name


def sizes(text: str) -> tuple[int, ...]:
    """Return the numbers in `text`, separated by commas. Raise ValueError if they aren't whole numbers from 1."""
    numbers = tuple(int(each) for each in text.split(","))
    if min(numbers) < 1:
        raise ValueError("A class has at least one member.")
    return numbers


def as_table(figures: list[Figure]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for name in ("figure", "unit", "median", "p95", "against", "ratio", "goal", "met"):
        table.add_column(name, justify="left" if name in ("figure", "unit", "goal") else "right")
    for each in figures:
        against = "" if each.against is None else short(each.against)
        ratio = "" if each.ratio is None else f"{each.ratio:.1f}×"
        met = {None: "", True: "yes", False: "no"}[each.met]
        table.add_row(each.name, each.unit, short(each.median), short(each.p95), against, ratio, each.goal, met)
    return table


def short(value: float) -> str:
    """Return `value` with three significant digits, or as a whole number if it is one or has more."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
