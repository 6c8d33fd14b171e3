"""Copy a file into the store."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutor.runs.next_step import how_to_start
from tutor.runs.store_copy import NotCopied, restore


class Command(BaseCommand):
    help = (
        "Copy a backup, or the SQLite file of a site, into the store, which has to be empty. To move a site to "
        "PostgreSQL, use the command move, which also sees to it that nothing is left behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file, such as var/site.sqlite3")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore(options["file"], self.stdout.write)
        except NotCopied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored. Next: {how_to_start()}")
