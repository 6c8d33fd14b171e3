"""What the commands that print a run have in common: their options, their output and their exit codes."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from django.core.management import BaseCommand
from rich.text import Text

from tutor.runs.models import Event, Run
from tutor.runs.versions import lesson_of
from tutor.styles.export.run_json import run_as_json
from tutor.trace.model import Trace
from tutor.trace.projector import project

from .event_lines import event_lines, event_objects
from .moment_json import moment_as_json
from .moment_tables import print_moment
from .run_tables import print_run, terminal

FINISHED, FAILED, BAD_INPUT = 0, 1, 2


class RunCommand(BaseCommand):
    """A command that prints a run, always with the version of the lesson that the run has executed."""

    def add_output_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON; with --events, an object a line")
        content = parser.add_mutually_exclusive_group()
        content.add_argument(
            "--step",
            type=int,
            metavar="N",
            help="add the moment after step N, 0 being the start: lines, locals, tokens, rows, lanes and bars",
        )
        content.add_argument("--moments", action="store_true", help="add the moments of all steps, and the start")
        content.add_argument("--events", action="store_true", help="print every event instead")

    def print_and_exit(self, run: Run, options: Mapping[str, Any]) -> NoReturn:
        """Print `run` as `options` say. Exit with `FINISHED` if it has finished, otherwise with `FAILED`."""
        lesson, events = lesson_of(run), list(run.events.order_by("number"))
        trace = project(lesson, events)
        positions = self.positions(run, trace, options)
        if options["events"]:
            self.print_events(events, trace, as_json=options["json"])
        elif options["json"]:
            moments = [moment_as_json(trace, position) for position in positions]
            shown = run_as_json(lesson, run, trace) | ({"moments": moments} if moments else {})
            self.stdout.write(json.dumps(shown, indent=2, ensure_ascii=False))
        else:
            console = terminal(sys.stdout)
            print_run(lesson, run, trace, console)
            for position in positions:
                print_moment(lesson, trace, position, console)
        sys.exit(FINISHED if trace.ended and trace.ended.outcome == "finished" else FAILED)

    def positions(self, run: Run, trace: Trace, options: Mapping[str, Any]) -> Sequence[int]:
        """Return the steps whose moments are asked for."""
        known = range(len(trace.steps) + 1)
        if options["moments"]:
            return known
        if (step := options["step"]) is None:
            return ()
        if step not in known:
            self.refuse(f'unknown step "{step}" of the run {run.public_id} (known: 0 to {known[-1]})')
        return (step,)

    def print_events(self, events: Sequence[Event], trace: Trace, *, as_json: bool) -> None:
        console = terminal(sys.stdout)  # It exits quietly when the reader of a pipe, such as `head`, has ended.
        if as_json:
            for line in event_objects(events, trace):
                console.out(line, highlight=False)
            return
        for line in event_lines(events, trace):
            console.print(Text(line), no_wrap=True, overflow="ellipsis")

    def refuse(self, reason: str) -> NoReturn:
        self.stderr.write(" ".join(reason.split()))
        sys.exit(BAD_INPUT)
