"""Move the site's SQLite store into another database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tutor.runs.moving import move
from tutor.runs.next_step import how_to_start
from tutor.runs.store_copy import NotCopied


class Command(BaseCommand):
    help = (
        "Copy the SQLite store of a site that is stopped into the empty store that DATABASE_URL names. "
        "All links stay the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.VAR / "site.sqlite3"
        parser.add_argument("file", type=Path, nargs="?", default=default, help=f"by default {default}")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            rows = move(path, self.stdout.write)
        except NotCopied as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"Nothing was moved, as the new store fails: {str(error).strip()}") from error
        self.stdout.write(
            f"Moved {rows} rows. These are all that {path} has.\n"
            f"Next: {how_to_start()}\n"
            "It needs the secret key of the old site. Don't start the old site again, as the new one would lack what "
            f"it stores. Keep {path} until the new site has a backup."
        )
