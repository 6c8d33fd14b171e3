"""Print a stored run, as it was: with the version of the lesson that it has executed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from tutor.checking.run_command import RunCommand
from tutor.runs.models import Run
from tutor.runs.own_host import migrations_are_pending


class Command(RunCommand):
    help = "Print a stored run. The exit code is 0 if it has finished, 1 if not, and 2 if there is no such run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="the run, as in its address: /runs/RUN/")
        self.add_output_arguments(parser)

    def handle(self, *args: Any, run: str, **options: Any) -> None:
        if migrations_are_pending():
            self.refuse("The database isn't up to date. Run manage.py migrate first.")
        self.print_and_exit(self.stored(run), options)

    def stored(self, public_id: str) -> Run:
        try:
            return Run.objects.get(public_id=public_id)
        except Run.DoesNotExist:
            self.refuse(f'unknown run "{public_id}": use the id in the address of its page, /runs/RUN/')
