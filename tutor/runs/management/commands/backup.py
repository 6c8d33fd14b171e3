"""Copy the store into a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tutor.runs.store_copy import NotCopied, backup


class Command(BaseCommand):
    help = (
        "Copy everything that the site has stored, as it is now, into a new SQLite file. The site may go on meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write, such as 2026-12-24.sqlite3")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup(options["file"], self.stdout.write)
        except NotCopied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Stored in {options['file']}. To restore it: manage.py restore {options['file']}")
